/** A command that runs at once, without any credential. */

import { Button, Code, Group, Paper, ScrollArea, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { execute, pageOf } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";

const SAMPLES: readonly { connector: string; command: string; params: Record<string, unknown>; says: string }[] = [
  { connector: "demo", command: "list_books", params: { query: "code" }, says: "asks a small bookshop that this server runs itself" },
  { connector: "sample-script", command: "listEmployees", params: { limit: 3 }, says: "runs a script in the sandbox" },
];

export function FirstRun({ connectors }: { connectors: readonly Connector[] }) {
  const sample = SAMPLES.find((each) => connectors.some((one) => one.name === each.connector && one.namespace === "default"));
  const refusal = useRefusal("execute");
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: (what: (typeof SAMPLES)[number]) => execute({ namespace: "default", name: what.connector }, what.command, what.params),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["executions"] }),
  });
  if (!sample) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Run a first command
        </Title>
        <Text size="sm">
          <Code>{sample.command}</Code> of <Code>{sample.connector}</Code> {sample.says}. It needs no credential.
        </Text>
        <Group gap="xs">
          <RefusedButton refusal={refusal} loading={run.isPending} leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => run.mutate(sample)}>
            Run it
          </RefusedButton>
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link to={pageOf({ namespace: "default", name: sample.connector })} search={{ tab: "commands", command: sample.command } as never} {...props} />
            )}
          >
            Open it
          </Button>
        </Group>
        {run.error && <Failed problem={asProblem(run.error)} />}
        {run.data && (
          <div aria-live="polite">
            <Text size="sm" fw={600}>
              {run.data.success ? "It ran." : `It ran, and failed: ${run.data.error}`}
            </Text>
            <ScrollArea.Autosize mah={220} viewportProps={{ tabIndex: 0, "aria-label": "Result" }}>
              <Code block>{JSON.stringify(run.data.success ? run.data.payload : run.data, null, 2)}</Code>
            </ScrollArea.Autosize>
          </div>
        )}
      </Stack>
    </Paper>
  );
}
