/** One command: what it takes, running it, what came back, and the same elsewhere. */

import { Alert, Button, Code, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconFlask, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import type { Command } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CommandMarks } from "~/shared/command/CommandMarks";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import type { Values } from "~/shared/form/SchemaForm";
import { useModKey } from "~/shared/keys/useModKey";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlState } from "~/shared/url/useUrlState";
import { scenariosOf } from "../mocks/mocks";
import { CommandHistory } from "./CommandHistory";
import { Elsewhere } from "./Elsewhere";
import { firstInput, type Input, type Run } from "./input";
import { ModelResult } from "./ModelResult";
import { ModelView } from "./ModelView";
import { Params } from "./Params";
import { Result } from "./Result";
import { RunOptions } from "./RunOptions";
import { useRun } from "./useRun";

export function Playground({
  connector,
  name,
  command,
  inputs,
}: {
  connector: Connector;
  name: string;
  command: Command;
  /** By command; this part is drawn anew for each. */
  inputs: Map<string, Input>;
}) {
  const [input, setInput] = useState<Input>(() => inputs.get(name) ?? firstInput(command));
  const [broken, setBroken] = useState("");
  const [asking, setAsking] = useState(false);
  const [beside, setBeside] = useUrlState("beside", "result");
  const change = (part: Partial<Input>) =>
    setInput((before) => {
      const next = { ...before, ...part };
      inputs.set(name, next.run?.state === "running" ? { ...next, run: null } : next);
      return next;
    });
  const { start, cancel } = useRun(connector, name, (run: Run) => change({ run }));
  const running = input.run?.state === "running";
  const { params, options } = input;
  const refusal = useRefusal("execute") || (connector.enabled ? "" : "This connector is disabled.") || broken;
  const real = !options.mock && !options.plan && connector.mocks.enabled !== true;
  const run = () => {
    if (refusal || running) return;
    if (command.destructive && real) setAsking(true);
    else start(params, options);
  };
  useModKey("Enter", run, !asking);
  useModKey(".", cancel, running);
  const faults = input.run?.state === "refused" ? input.run.problem.errors : [];
  const use = (chosen: Values, environment: string) => {
    // What went to one environment is not run in another by a slip.
    const named = environment !== connector.environment && Object.hasOwn(connector.environments, environment);
    change({ params: chosen, options: { ...options, environment: named ? environment : "" } });
  };
  return (
    <Stack gap="md">
      <div>
        <Group gap="xs">
          <Title order={2} size="h4">
            {command.displayName || name}
          </Title>
          <CommandMarks command={command} />
        </Group>
        <Text size="sm" style={{ whiteSpace: "pre-line" }}>
          {command.description}
        </Text>
        {command.deprecated && (
          <Text size="sm" fw={600}>
            Deprecated. {command.deprecatedMessage}
          </Text>
        )}
      </div>
      {options.mock && (
        <Alert color="violet" icon={<IconFlask aria-hidden />} py="xs" role="status">
          “Run” answers from a mock here. The service is not called.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="lg">
        <Stack gap="md">
          <Params schema={command.params} value={params} onChange={(next) => change({ params: next })} faults={faults} onRun={run} setBroken={setBroken} />
          <RunOptions
            options={options}
            change={(next) => change({ options: next })}
            scenarios={scenariosOf(connector, name, command)}
            model={connector.executionModel}
            environments={Object.keys(connector.environments)}
            standard={connector.environment}
            connector={`${connector.namespace}/${connector.name}`}
          />
          <Group gap="xs">
            <RefusedButton refusal={refusal} loading={running} leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={run} aria-keyshortcuts="Control+Enter">
              {options.plan ? "Show the request" : "Run"}
            </RefusedButton>
            <Button variant="default" disabled={!running} leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={cancel} aria-keyshortcuts="Control+.">
              Cancel
            </Button>
            <Text size="xs" c="dimmed" visibleFrom="sm">
              Ctrl+Enter runs, Ctrl+. cancels
            </Text>
          </Group>
        </Stack>
        <Stack gap="sm">
          <SegmentedControl
            aria-label="Beside the form"
            size="xs"
            value={beside}
            onChange={setBeside}
            data={[
              { value: "result", label: "Result" },
              { value: "model", label: "What the model sees" },
            ]}
            style={{ alignSelf: "flex-start" }}
          />
          {beside === "model" ? (
            <ModelView connector={connector} name={name} command={command} />
          ) : (
            <Result connector={connector} command={name} run={input.run} retry={run} />
          )}
        </Stack>
      </SimpleGrid>
      {beside === "model" && <ModelResult run={input.run} retry={run} />}
      <CommandHistory connector={connector} command={name} use={use} />
      <Elsewhere connector={connector} name={name} params={params} options={options} />
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title={`Run ${name}?`}
        action="Run it"
        run={() => {
          start(params, options);
          return Promise.resolve();
        }}
      >
        <Text size="sm">
          <Code>{name}</Code> may destroy something at the service of {connector.namespace}/{connector.name}
          {(options.environment || connector.environment) && ` in ${options.environment || connector.environment}`}. It runs with:
        </Text>
        <Code block mt="xs">
          {JSON.stringify(params, null, 2)}
        </Code>
      </ConfirmDialog>
    </Stack>
  );
}
