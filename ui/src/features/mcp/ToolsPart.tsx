/** The tools that a client gets, what they cost, and a choice among them that can be kept as a gateway. */

import { Grid, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { gatewayPage } from "~/api/gateways";
import type { Tools } from "~/api/tools";
import { useRefusal } from "~/app/session/session";
import type { Choice } from "~/shared/choice/choice";
import { ChoicePicker } from "~/shared/choice/ChoicePicker";
import { chosenTools } from "~/shared/choice/groups";
import { NewGateway } from "~/shared/gateway/NewGateway";
import { EmptyFiltered } from "~/shared/state/Empty";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Budget } from "~/shared/tools/Budget";
import { toolWords } from "~/shared/tools/cost";
import { Problems } from "~/shared/tools/Problems";
import { ToolTable } from "~/shared/tools/ToolTable";
import { useUrlState } from "~/shared/url/useUrlState";
import { useMode } from "./useMode";

export function ToolsPart({ found, choice, setChoice }: { found: Tools; /** Kept by the page, so that another tab does not lose it. */ choice: Choice; setChoice: (choice: Choice) => void }) {
  const [saving, setSaving] = useState(false);
  const [text, setText] = useUrlState("q");
  const words = useDeferredValue(text).toLowerCase().split(/\s+/).filter(Boolean);
  const navigate = useNavigate();
  const mode = useMode();
  const chosen = chosenTools(found.tools, choice);
  const shown = chosen.filter((each) => words.every((word) => `${each.name} ${each.title} ${each.description}`.toLowerCase().includes(word)));
  const refusal = useRefusal("manage") || (chosen.length === 0 ? "Choose a command first." : "");
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Choose
          </Title>
          <Text size="sm">
            The endpoint <b>/mcp</b> has all of them. Fewer, or with params that are settled, are a gateway: an endpoint of its own.
          </Text>
          <ChoicePicker tools={found.tools} choice={choice} onChange={setChoice} />
          <Group>
            <RefusedButton refusal={refusal} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setSaving(true)}>
              Save as a gateway
            </RefusedButton>
          </Group>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            What a model gets
          </Title>
          <Budget tools={chosen} mode={mode} />
          <Problems problems={found.problems} />
          <TextInput
            label="Search the tools"
            placeholder="Names, descriptions"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {shown.length > 0 ? (
            <ToolTable tools={shown} />
          ) : chosen.length > 0 ? (
            <EmptyFiltered what="tool" clear={() => setText("")} />
          ) : (
            <Text size="sm">Nothing is chosen.</Text>
          )}
        </Stack>
      </Grid.Col>
      {saving && (
        <NewGateway choice={choice} about={`It has the ${toolWords(chosen.length)} that are chosen here.`} close={() => setSaving(false)} made={(gateway) => void navigate({ to: gatewayPage(gateway.name) })} />
      )}
    </Grid>
  );
}
