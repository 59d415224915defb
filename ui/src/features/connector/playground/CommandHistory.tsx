/** Earlier calls of a command: to fill the form again, and to see what is different between two. */

import { Anchor, Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { executionPage, executionQuery, executionsQuery } from "~/api/executions";
import { asProblem } from "~/api/problem";
import type { Connector, Execution, ExecutionSummary } from "~/api/types";
import { Diff } from "~/shared/diff/Diff";
import type { Values } from "~/shared/form/SchemaForm";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago, duration } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";

const SHOWN = 10;

export function CommandHistory({ connector, command, use }: { connector: Connector; command: string; use: (params: Values, environment: string) => void }) {
  const [search, change] = useUrlSearch();
  const calls = useQuery(executionsQuery({ connector: `${connector.namespace}/${connector.name}`, command, pageSize: SHOWN, total: false }));
  const compared = (search.compare ?? "").split(",").filter(Boolean).slice(0, 2);
  useChosen(search.from ?? "", use);
  const compare = (id: string, on: boolean) => change({ compare: (on ? [...compared, id].slice(-2) : compared.filter((each) => each !== id)).join(",") });
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Earlier calls
      </Title>
      <Answered query={calls} skeleton={<TableSkeleton rows={3} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nobody has called this command yet.
            </Text>
          ) : (
            <DataTable
              label="Earlier calls"
              rows={items}
              id={(row) => row.id}
              selected={search.from}
              columns={columnsOf({ compared, compare, choose: (id) => change({ from: id }), chosen: search.from ?? "" })}
            />
          )
        }
      </Answered>
      {compared.length === 2 ? (
        <Compared ids={[compared[0] as string, compared[1] as string]} />
      ) : (
        compared.length === 1 && (
          <Text size="sm" c="dimmed" role="status">
            Choose a second call to compare it with.
          </Text>
        )
      )}
    </Stack>
  );
}

function columnsOf({
  compared,
  compare,
  choose,
  chosen,
}: {
  compared: readonly string[];
  compare: (id: string, on: boolean) => void;
  choose: (id: string) => void;
  chosen: string;
}) {
  return [
    { name: "status", label: "Status", width: 140, cell: (row: ExecutionSummary) => <Status is={row.status} /> },
    {
      name: "when",
      label: "When",
      width: 190,
      cell: (row: ExecutionSummary) => (
        <Group gap="xs">
          <Ago at={row.started} />
          <Anchor size="xs" renderRoot={(props) => <Link to={executionPage(row.id)} {...props} />}>
            open
          </Anchor>
        </Group>
      ),
    },
    { name: "took", label: "Took", width: 90, cell: (row: ExecutionSummary) => duration(row.durationMs) },
    {
      name: "preview",
      label: "Result",
      cell: (row: ExecutionSummary) => (
        <Text size="sm" lineClamp={1} style={{ wordBreak: "break-all" }}>
          {row.preview || row.errorCode}
        </Text>
      ),
    },
    {
      name: "use",
      label: "Use its params",
      quiet: true,
      width: 130,
      cell: (row: ExecutionSummary) => (
        <Button size="compact-xs" variant="default" onClick={() => choose(row.id)} disabled={row.id === chosen}>
          {row.id === chosen ? "In the form" : "Use its params"}
        </Button>
      ),
    },
    {
      name: "compare",
      label: "Compare",
      width: 110,
      cell: (row: ExecutionSummary) => (
        <Checkbox
          aria-label={`Compare the call of ${new Date(row.started).toLocaleString()}`}
          checked={compared.includes(row.id)}
          onChange={(event) => compare(row.id, event.currentTarget.checked)}
        />
      ),
    },
  ];
}

/** Fills the form with a call's params, and says where it went, once for each choice. */
function useChosen(id: string, use: (params: Values, environment: string) => void): void {
  const found = useQuery({ ...executionQuery(id), enabled: id !== "" });
  const done = useRef("");
  useEffect(() => {
    if (!found.data || done.current === found.data.id || found.data.id !== id) return;
    done.current = found.data.id;
    const { params, environment } = found.data;
    if (typeof params === "object" && params !== null && !Array.isArray(params)) use(params as Values, environment);
  }, [found.data, id, use]);
}

function Compared({ ids }: { ids: [string, string] }) {
  const [one, other] = useQueries({ queries: [executionQuery(ids[0]), executionQuery(ids[1])] });
  const failed = one.error ?? other.error;
  if (failed) return <Failed problem={asProblem(failed)} />;
  if (!one.data || !other.data) return <TableSkeleton rows={2} />;
  const [older, newer] = one.data.started <= other.data.started ? [one.data, other.data] : [other.data, one.data];
  return (
    <Stack gap="xs">
      <Text size="sm">
        What changed from the call <Ago at={older.started} /> to the one <Ago at={newer.started} />:
      </Text>
      <Diff label="The two calls" before={written(older)} after={written(newer)} />
    </Stack>
  );
}

/** A call without what is different in any two: its times and its id. */
function written(call: Execution): string {
  const outcome = (typeof call.outcome === "object" && call.outcome !== null ? call.outcome : {}) as Record<string, unknown>;
  const { metadata: _, ...told } = outcome;
  return JSON.stringify({ params: call.params, status: call.status, ...told }, null, 2);
}
