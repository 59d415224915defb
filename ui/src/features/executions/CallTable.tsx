/** Calls as rows. Space shows one beside the list, Enter opens its page. */

import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { executionPage } from "~/api/executions";
import type { ExecutionSummary } from "~/api/types";
import { Status } from "~/shared/status/Status";
import { DataTable, type Column } from "~/shared/table/DataTable";
import { Ago, duration } from "~/shared/time/Ago";

export function CallTable({
  rows,
  names,
  selected,
  select,
  narrow,
}: {
  rows: readonly ExecutionSummary[];
  /** Of users, by id. */
  names: ReadonlyMap<string, string>;
  selected: string;
  select: (id: string) => void;
  /** Something else is beside it: the columns that matter less are left out. */
  narrow: boolean;
}) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const rowOf = (event: Event) => (event.target instanceof HTMLElement && event.target.dataset.row !== undefined ? event.target.dataset.id : undefined);
    const onKey = (event: KeyboardEvent) => {
      const id = rowOf(event);
      if (event.key === "Escape" && selected) select("");
      if (event.key !== " " || id === undefined) return;
      event.preventDefault();
      select(id === selected ? "" : id);
    };
    const onFocus = (event: FocusEvent) => {
      const id = rowOf(event);
      if (selected && id !== undefined && id !== selected) select(id);
    };
    place.addEventListener("keydown", onKey);
    place.addEventListener("focusin", onFocus);
    return () => {
      place.removeEventListener("keydown", onKey);
      place.removeEventListener("focusin", onFocus);
    };
  }, [selected, select]);
  const less: Column<ExecutionSummary>[] = [
    { name: "trigger", label: "Started by", cell: (row) => row.trigger },
    { name: "caller", label: "Caller", cell: (row) => names.get(row.caller) ?? <Text size="sm" truncate maw={110} title={row.caller}>{row.caller}</Text> },
  ];
  return (
    <div ref={frame} data-calls>
      <DataTable
        label="Calls"
        rows={rows}
        id={(row) => row.id}
        path={(row) => executionPage(row.id)}
        selected={selected || undefined}
        columns={[
          { name: "status", label: "Status", cell: (row) => <Status is={row.status} />, width: narrow ? 130 : 160 },
          { name: "call", label: "Call", cell: (row) => <Call row={row} /> },
          ...(narrow ? [] : less),
          { name: "started", label: "Started", cell: (row) => <Ago at={row.started} />, width: 130 },
          { name: "duration", label: "Took", cell: (row) => <span className="tabular">{duration(row.durationMs)}</span>, align: "right", width: 90 },
          ...(narrow ? [] : [{ name: "result", label: "Result", cell: (row: ExecutionSummary) => <Result row={row} /> }]),
        ]}
      />
    </div>
  );
}

function Call({ row }: { row: ExecutionSummary }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Link to={executionPage(row.id)}>{row.command}</Link>
      <Text size="xs" c="dimmed">
        {row.connector}
      </Text>
    </div>
  );
}

function Result({ row }: { row: ExecutionSummary }) {
  return (
    <Text size="sm" lineClamp={1} maw={360} style={{ overflowWrap: "anywhere" }} title={row.preview}>
      {row.errorCode && (
        <Text span size="sm" c="var(--mantine-color-error)">
          {row.errorCode}:{" "}
        </Text>
      )}
      {row.preview}
    </Text>
  );
}
