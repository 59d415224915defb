/** The calls that failed last. */

import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { executionPage, executionsQuery } from "~/api/executions";
import { Answered } from "~/shared/state/Answered";
import { TableSkeleton } from "~/shared/state/Loading";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";

export function Failures() {
  const failed = useQuery(executionsQuery({ status: "FAILED", pageSize: 5, total: false }));
  return (
    <Answered query={failed} skeleton={<TableSkeleton rows={5} />}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed" size="sm">
            Nothing has failed.
          </Text>
        ) : (
          <DataTable
            label="Last failures"
            rows={items}
            id={(row) => row.id}
            path={(row) => executionPage(row.id)}
            columns={[
              {
                name: "call",
                label: "Call",
                cell: (row) => (
                  <Link to={executionPage(row.id)}>
                    {row.connector} {row.command}
                  </Link>
                ),
              },
              { name: "error", label: "Error", cell: (row) => row.preview || row.errorCode },
              { name: "when", label: "When", cell: (row) => <Ago at={row.started} /> },
            ]}
          />
        )
      }
    </Answered>
  );
}
