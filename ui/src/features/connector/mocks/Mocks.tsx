/** Answers that are given instead of the service's: when they act, and what they are. */

import { Alert, Button, Group, Stack, Switch, Tabs, Text, Title } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useState } from "react";
import { addressOf, configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { useModKey } from "~/shared/keys/useModKey";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlState } from "~/shared/url/useUrlState";
import { NOT_STORED } from "../overview/StatusPanel";
import { MockScript } from "./MockScript";
import { Scenarios } from "./Scenarios";
import { UsualScenario } from "./UsualScenario";
import { useMocks } from "./useMocks";

export default function Mocks({ connector }: { connector: Connector }) {
  const { base, draft, setDraft, dirty, save, problem, takeNewest } = useMocks(connector);
  const [part, setPart] = useUrlState("part", "scenarios");
  const [broken, setBroken] = useState("");
  const refusal = useRefusal("manage") || (connector.stored ? "" : NOT_STORED);
  const { commands } = configSchemaOf(connector);
  const submit = () => dirty && !broken && !refusal && !save.isPending && save.mutate(draft);
  useModKey("s", submit);
  return (
    <Stack gap="md">
      <Text size="sm" maw={720}>
        A mock answers instead of the service: to try things where there is no service, or to see what a program does when one fails. A call may ask for
        one (<code>useMock</code>, <code>scenario</code>); here all calls of this connector can be answered so.
      </Text>
      <Switch
        label="Answer all calls of this connector from mocks"
        description={refusal || "Its service is not called then, whoever calls."}
        checked={draft.enabled === true}
        disabled={refusal !== ""}
        onChange={(event) => {
          // `false` and not absent: it says no also where the server answers everything from mocks.
          setDraft({ ...draft, enabled: event.currentTarget.checked });
        }}
      />
      <UsualScenario connector={connector} draft={draft} setDraft={setDraft} disabled={refusal !== ""} />
      {problem && <Failed problem={problem} />}
      {problem?.status === 409 && base.revision !== connector.revision && (
        <Alert color="yellow" title="Somebody else changed this connector while you did" role="alert">
          <Button size="xs" mt="xs" onClick={takeNewest}>
            Save mine upon theirs
          </Button>
        </Alert>
      )}
      <Tabs value={part} onChange={(value) => setPart(value ?? "scenarios")} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="scenarios">Scenarios</Tabs.Tab>
          <Tabs.Tab value="code">Script</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="scenarios" pt="sm">
          <Scenarios commands={commands} draft={draft} setDraft={setDraft} refusal={refusal} setBroken={setBroken} save={submit} />
        </Tabs.Panel>
        <Tabs.Panel value="code" pt="sm">
          <MockScript draft={draft} setDraft={setDraft} refusal={refusal} save={submit} first={Object.keys(commands)[0] ?? "my_command"} faults={problem?.errors ?? []} />
        </Tabs.Panel>
      </Tabs>
      <Group gap="xs">
        <RefusedButton
          refusal={refusal || broken}
          loading={save.isPending}
          disabled={!dirty}
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          onClick={submit}
        >
          Save
        </RefusedButton>
        <CopyAs snippets={[curl({ method: "PUT", path: addressOf(connector), body: { mocks: draft } })]} />
        <Text size="sm" c="dimmed" aria-live="polite">
          {dirty ? "Not saved yet. Ctrl+S saves." : ""}
        </Text>
      </Group>
      <Title order={2} size="h4">
        Which answer is given
      </Title>
      <Text size="sm" maw={720}>
        A stored scenario of the asked name first, then what the script says, then the scenario of that name that came with the type. Where there is
        none, the call is refused: the service is not called in its place.
      </Text>
      <UnsavedGuard dirty={dirty && !save.isPending} />
    </Stack>
  );
}
