/** Runs a command of a connector that is not saved: which one, with what, and what became of it. */

import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import type { Command } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import { defaultsOf } from "~/shared/form/schema";
import { faultsOf } from "~/shared/form/validate";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { TrialResult } from "./TrialResult";
import type { Trying } from "./useTrying";
import type { UsedLimits } from "./Used";

export interface TryPanelProps {
  commands: Record<string, Command>;
  trying: Trying;
  /** Command that is chosen; empty for the first. */
  chosen: string;
  choose: (command: string) => void;
  /** By command. */
  params: Record<string, Values>;
  setParams: (command: string, params: Values) => void;
  run: () => void;
  limits?: UsedLimits;
}

export function TryPanel({ commands, trying, chosen, choose, params, setParams, run, limits }: TryPanelProps) {
  const refusal = useRefusal("execute");
  const names = Object.keys(commands);
  const command = commands[chosen];
  const [shown, setShown] = useState(false);
  if (command === undefined) return <Text c="dimmed">There is no command yet.</Text>;
  const values = params[chosen] ?? defaultsOf(command.params);
  const problem = trying.error ? asProblem(trying.error) : null;
  const local = shown ? faultsOf(command.params, values) : [];
  const faults = problem?.code === "invalid-params" ? problem.errors : local;
  const start = () => {
    setShown(true);
    if (faultsOf(command.params, values).length === 0) run();
  };
  return (
    <Stack
      gap="sm"
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          if (!refusal && !trying.isPending) start();
        }
      }}
    >
      <Select
        label="Command"
        data={names}
        value={chosen}
        onChange={(name) => name && choose(name)}
        searchable={names.length > 8}
        allowDeselect={false}
        description={command.description || undefined}
        comboboxProps={{ withinPortal: true }}
      />
      <SchemaForm schema={command.params} value={values} onChange={(next) => setParams(chosen, next)} faults={faults} />
      <Group gap="xs">
        <RefusedButton refusal={refusal} loading={trying.isPending} leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={start}>
          Test run
        </RefusedButton>
        {trying.isPending && (
          <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={trying.cancel}>
            Cancel
          </Button>
        )}
        <Text size="xs" c="dimmed">
          Ctrl+Enter
        </Text>
      </Group>
      {problem && <Failed problem={problem} />}
      {trying.data && <TrialResult trial={trying.data} limits={limits} />}
    </Stack>
  );
}

/** The command that is tried first: the one that checks the connection, else the first that changes nothing. */
export function firstOf(commands: Record<string, Command>): string {
  const names = Object.keys(commands);
  return names.find((name) => name === "test") ?? names.find((name) => commands[name]?.readsOnly) ?? names[0] ?? "";
}
