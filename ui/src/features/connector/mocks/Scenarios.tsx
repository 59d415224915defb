/** The scenarios of each command: stored ones to be changed, those of the type to be known. */

import { ActionIcon, Grid, Group, NavLink, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconFlask, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Command } from "~/api/connectors";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { AddScenario } from "./AddScenario";
import { withoutScenario, withScenario, type Mocks } from "./mocks";
import { OutcomeEditor } from "./OutcomeEditor";

export function Scenarios({
  commands,
  draft,
  setDraft,
  refusal,
  setBroken,
  save,
}: {
  commands: Record<string, Command>;
  draft: Mocks;
  setDraft: (mocks: Mocks) => void;
  refusal: string;
  setBroken: (why: string) => void;
  save: () => void;
}) {
  const [search, change] = useUrlSearch();
  const [adding, setAdding] = useState(false);
  const entries = Object.keys(commands).flatMap((command) => Object.keys(draft.data?.[command] ?? {}).map((scenario) => ({ command, scenario })));
  const given = Object.entries(commands).filter(([, each]) => each.scenarios.length > 0);
  const shown = entries.find((each) => each.command === search.command && each.scenario === search.scenario) ?? entries[0];
  const remove = ({ command, scenario }: { command: string; scenario: string }) => {
    const before = draft;
    setDraft(withoutScenario(draft, command, scenario));
    told(`${command} no longer has “${scenario}”. It is not saved yet.`, { undo: () => Promise.resolve(setDraft(before)) });
  };
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="xs">
          <Title order={2} size="h5">
            Stored here
          </Title>
          {entries.length === 0 && (
            <Text size="sm" c="dimmed">
              None yet. Add one, or run a command and save its result as a mock.
            </Text>
          )}
          {entries.map((each) => (
            <Group key={`${each.command} ${each.scenario}`} gap={4} wrap="nowrap">
              <NavLink
                component="button"
                type="button"
                active={each === shown}
                aria-pressed={each === shown}
                label={each.scenario}
                description={each.command}
                leftSection={<IconFlask size={16} aria-hidden />}
                styles={{ description: { color: "var(--mantine-color-text)" } }}
                onClick={() => change({ command: each.command, scenario: each.scenario })}
              />
              {!refusal && (
                <Tooltip label="Delete">
                  <ActionIcon variant="subtle" color="gray" aria-label={`Delete ${each.scenario} of ${each.command}`} onClick={() => remove(each)}>
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              )}
            </Group>
          ))}
          <RefusedButton size="xs" variant="default" refusal={refusal} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding(true)} style={{ alignSelf: "flex-start" }}>
            Add a scenario
          </RefusedButton>
          {given.length > 0 && (
            <>
              <Title order={2} size="h5" mt="sm">
                Came with the type
              </Title>
              {given.map(([name, each]) => (
                <Text key={name} size="sm">
                  {name}: {each.scenarios.join(", ")}
                </Text>
              ))}
            </>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        {shown && (
          <Stack gap="xs">
            <Title order={2} size="h5">
              {shown.scenario} of {shown.command}
            </Title>
            <OutcomeEditor
              key={`${shown.command} ${shown.scenario}`}
              label={`Answer of ${shown.command}, scenario ${shown.scenario}`}
              value={draft.data?.[shown.command]?.[shown.scenario]}
              onChange={(outcome) => setDraft(withScenario(draft, shown.command, shown.scenario, outcome))}
              setBroken={setBroken}
              save={save}
              readOnly={refusal !== ""}
            />
          </Stack>
        )}
      </Grid.Col>
      {adding && (
        <AddScenario
          commands={Object.keys(commands)}
          taken={(command, scenario) => draft.data?.[command]?.[scenario] !== undefined}
          close={() => setAdding(false)}
          add={(command, scenario, outcome) => {
            setDraft(withScenario(draft, command, scenario, outcome));
            change({ command, scenario });
            setAdding(false);
          }}
        />
      )}
    </Grid>
  );
}

