/** What clients did last: the server keeps a record of calls, and none of sessions. */

import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { executionPage, executionsQuery } from "~/api/executions";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago, duration } from "~/shared/time/Ago";

const SHOWN = 5;

export function LastCalls() {
  const { data } = useQuery(executionsQuery({ where: "trigger:eq:mcp", pageSize: SHOWN, total: false }));
  return (
    <Stack gap="xs" mt="lg">
      <Title order={2} size="h4">
        Last calls of clients
      </Title>
      {data && data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No client has called a tool yet. “Check” tries the endpoint from this page.
        </Text>
      )}
      {data && data.items.length > 0 && (
        <>
          <DataTable
            label="Last calls of clients"
            rows={data.items}
            id={(row) => row.id}
            path={(row) => executionPage(row.id)}
            columns={[
              { name: "status", label: "Status", width: 140, cell: (row) => <Status is={row.status} /> },
              { name: "what", label: "Command", cell: (row) => <Anchor size="sm" renderRoot={(props) => <Link to={executionPage(row.id)} {...props} />}>{`${row.connector} ${row.command}`}</Anchor> },
              { name: "when", label: "When", width: 160, cell: (row) => <Ago at={row.started} /> },
              { name: "took", label: "Took", width: 90, cell: (row) => duration(row.durationMs) },
            ]}
          />
          <Group>
            <Anchor size="sm" renderRoot={(props) => <Link to="/executions" search={{ trigger: "mcp" } as never} {...props} />}>
              All calls through MCP
            </Anchor>
          </Group>
        </>
      )}
    </Stack>
  );
}
