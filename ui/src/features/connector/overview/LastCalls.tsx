/** The calls of a connector that were made last, and who makes them. */

import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { pageOf } from "~/api/connectors";
import { executionPage, executionsQuery } from "~/api/executions";
import type { Connector } from "~/api/types";
import { Answered } from "~/shared/state/Answered";
import { TableSkeleton } from "~/shared/state/Loading";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago, duration } from "~/shared/time/Ago";

const RECENT = 100;
const SHOWN = 5;

export function LastCalls({ connector }: { connector: Connector }) {
  const calls = useQuery(executionsQuery({ connector: `${connector.namespace}/${connector.name}`, pageSize: RECENT, total: false }));
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Last calls
        </Title>
        <Anchor size="sm" renderRoot={(props) => <Link to={pageOf(connector)} search={{ tab: "history" } as never} {...props} />}>
          All calls of it
        </Anchor>
      </Group>
      <Answered query={calls} skeleton={<TableSkeleton rows={SHOWN} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nobody has called it yet.
            </Text>
          ) : (
            <>
              <Text size="sm">Used by, over the last {items.length === 1 ? "call" : `${items.length} calls`}: {usedBy(items)}.</Text>
              <DataTable
                label="Last calls"
                rows={items.slice(0, SHOWN)}
                id={(row) => row.id}
                path={(row) => executionPage(row.id)}
                columns={[
                  { name: "command", label: "Command", cell: (row) => <Link to={executionPage(row.id)}>{row.command}</Link> },
                  { name: "status", label: "Status", width: 140, cell: (row) => <Status is={row.status} /> },
                  { name: "took", label: "Took", width: 90, cell: (row) => duration(row.durationMs) },
                  { name: "when", label: "When", width: 140, cell: (row) => <Ago at={row.started} /> },
                ]}
              />
            </>
          )
        }
      </Answered>
    </Stack>
  );
}

const WAYS: Record<string, string> = {
  api: "REST",
  rest: "REST",
  sdk: "Python",
  cli: "the command line",
  mcp: "MCP",
  agent: "agents",
  workflow: "workflows",
  script: "scripts",
  trigger: "triggers",
  manual: "people",
  test: "tests",
};

/** The ways in which it is called, the most frequent first. */
function usedBy(calls: readonly { trigger: string }[]): string {
  const counts = new Map<string, number>();
  for (const { trigger } of calls) counts.set(trigger, (counts.get(trigger) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([trigger, count]) => `${WAYS[trigger] ?? trigger} (${count})`)
    .join(", ");
}
