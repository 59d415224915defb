/** A list: rows that open by pointer, `j`, `k` and Enter; a stack of cards where there is no room for columns. */

import { Table, VisuallyHidden } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { isSingleKey } from "~/app/keys";
import classes from "./DataTable.module.css";

export interface Column<Row> {
  name: string;
  label: string;
  cell: (row: Row) => ReactNode;
  width?: number | string;
  align?: "left" | "right";
  /** The label is for screen readers alone. */
  quiet?: boolean;
}

const VIRTUAL_ABOVE = 100;
const ROW_PX = 49;

export function DataTable<Row>({
  label,
  rows,
  columns,
  id,
  path,
  onOpen,
  selected,
}: {
  /** Of the whole list, for screen readers. */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
  /** The page that a row opens; its first cell should link there too. */
  path?: (row: Row) => string;
  /** Instead of a page. */
  onOpen?: (row: Row) => void;
  /** The id of the row that is open beside the list. */
  selected?: string;
}) {
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  const open = (row: Row) => (onOpen ? onOpen(row) : path && void navigate({ to: path(row) }));
  const canOpen = Boolean(onOpen ?? path);
  useRowKeys(frame, canOpen);
  const virtual = rows.length > VIRTUAL_ABOVE;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const visible = virtual ? virtualizer.getVirtualItems() : [];
  const first = visible[0]?.start ?? 0;
  const rest = virtual ? virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0) : 0;
  const shown = virtual ? visible.map((each) => [each.index, rows[each.index] as Row] as const) : [...rows.entries()];
  return (
    <div ref={frame} className={classes.frame} data-virtual={virtual || undefined} tabIndex={virtual ? 0 : undefined} role="region" aria-label={label}>
      <Table className={classes.table} highlightOnHover={canOpen} verticalSpacing="xs" aria-rowcount={rows.length + 1}>
        <Table.Thead className={classes.head}>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.name} w={column.width} ta={column.align ?? "left"} scope="col">
                {column.quiet ? <VisuallyHidden>{column.label}</VisuallyHidden> : column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {first > 0 && <Spacer height={first} span={columns.length} />}
          {shown.map(([at, row]) => (
            <Table.Tr
              key={id(row)}
              data-row
              data-id={id(row)}
              aria-rowindex={at + 2}
              aria-selected={selected === undefined ? undefined : selected === id(row)}
              className={classes.row}
              data-open={canOpen || undefined}
              tabIndex={canOpen ? 0 : undefined}
              onClick={(event) => {
                if (!(event.target as HTMLElement).closest("a, button, input, label, time")) open(row);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && event.target === event.currentTarget) open(row);
              }}
            >
              {columns.map((column) => (
                <Table.Td key={column.name} ta={column.align ?? "left"} data-label={column.quiet ? "" : column.label}>
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {rest > 0 && <Spacer height={rest} span={columns.length} />}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** `j` and `k` move the focus through the rows. */
function useRowKeys(frame: React.RefObject<HTMLDivElement | null>, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || !isSingleKey(event)) return;
      const rows = [...(frame.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
      const at = rows.indexOf((document.activeElement as HTMLElement | null)?.closest("[data-row]") as HTMLElement);
      const next = rows[at + (event.key === "j" ? 1 : -1)] ?? (at < 0 ? rows[0] : undefined);
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [frame, on]);
}
