/** The calls of a connector, by command, state and kind of failure. */

import { Button, Center, Group, Select, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { configSchemaOf } from "~/api/connectors";
import { executionPage } from "~/api/executions";
import { read } from "~/api/lists";
import { asProblem } from "~/api/problem";
import type { Connector, ExecutionSummary, Listed } from "~/api/types";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { EmptyFiltered } from "~/shared/state/Empty";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { Status, statusWord } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago, duration } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { codeOf, hasFailed } from "./figures";

const PAGE = 50;
const STATES = ["COMPLETED", "FAILED", "CANCELLED", "RUNNING", "AWAITING_INPUT", "UNKNOWN_OUTCOME"];

export function Calls({ connector, recent }: { connector: Connector; recent: Listed<ExecutionSummary> }) {
  const [search, change] = useUrlSearch();
  const { command = "", status = "", code = "" } = search;
  const id = `${connector.namespace}/${connector.name}`;
  const query = { connector: id, command, status, pageSize: PAGE, total: false };
  const pages = useInfiniteQuery({
    queryKey: ["executions", "list", "pages", query],
    queryFn: ({ pageParam }) => read<Listed<ExecutionSummary>>("/api/executions", { ...query, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor || null,
    enabled: !code,
    // What the numbers are made of is the first page of all calls: it is not asked for twice.
    ...(command || status ? {} : { initialData: { pages: [recent], pageParams: [""] } }),
  });
  // By kind of failure among the last calls alone: the server has no list of those.
  const rows = code ? recent.items.filter((each) => hasFailed(each) && codeOf(each) === code) : (pages.data?.pages.flatMap((each) => each.items) ?? []);
  const clear = () => change({ command: "", status: "", code: "" });
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <Select label="Command" placeholder="All" data={Object.keys(configSchemaOf(connector).commands)} value={command || null} onChange={(value) => change({ command: value ?? "", code: "" })} clearable searchable w={200} />
        <Select label="Status" placeholder="All" data={STATES.map((each) => ({ value: each, label: statusWord(each) }))} value={status || null} onChange={(value) => change({ status: value ?? "", code: "" })} clearable w={180} />
        <CopyAs snippets={[curl({ method: "GET", path: `/api/executions?connector=${encodeURIComponent(id)}${command && `&command=${command}`}${status && `&status=${status}`}` }), { name: "Command line", text: `jackfield executions list --connector ${id}${status && ` --status ${status}`}` }]} />
      </Group>
      {code && (
        <Group gap="xs">
          <Text size="sm">Only failures of the kind {code}, among the last calls.</Text>
          <Button size="compact-xs" variant="default" onClick={clear}>
            Show all
          </Button>
        </Group>
      )}
      {pages.error && <Failed problem={asProblem(pages.error)} retry={() => void pages.refetch()} />}
      {!code && pages.isPending ? (
        <TableSkeleton />
      ) : rows.length === 0 ? (
        !pages.error && <EmptyFiltered what="call" clear={clear} />
      ) : (
        <DataTable label="Calls" rows={rows} id={(row) => row.id} path={(row) => executionPage(row.id)} columns={COLUMNS} />
      )}
      {!code && pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Older calls
          </Button>
        </Center>
      )}
    </Stack>
  );
}

const COLUMNS = [
  { name: "command", label: "Command", width: 180, cell: (row: ExecutionSummary) => <Link to={executionPage(row.id)}>{row.command}</Link> },
  { name: "status", label: "Status", width: 140, cell: (row: ExecutionSummary) => <Status is={row.status} /> },
  { name: "by", label: "Called through", width: 130, cell: (row: ExecutionSummary) => row.trigger },
  { name: "took", label: "Took", width: 90, cell: (row: ExecutionSummary) => duration(row.durationMs) },
  { name: "when", label: "When", width: 140, cell: (row: ExecutionSummary) => <Ago at={row.started} /> },
  {
    name: "preview",
    label: "Result",
    cell: (row: ExecutionSummary) => (
      <Text size="sm" lineClamp={1}>
        {row.preview || row.errorCode}
      </Text>
    ),
  },
];
