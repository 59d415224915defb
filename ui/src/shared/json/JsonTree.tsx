/** A JSON value as a tree: arrows move and open, Enter opens, Home and End go to its ends. Only what is in sight is drawn. */

import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import classes from "./JsonView.module.css";
import { CHUNK, openAtFirst, rowsOf, type Row } from "./rows";

const ROW_PX = 22;
const VIRTUAL_ABOVE = 150;
const LONG = 500;

export function JsonTree({ label, value, maxHeight }: { label: string; value: unknown; maxHeight: number }) {
  const [open, setOpen] = useState(() => openAtFirst(value));
  const [limits, setLimits] = useState<Record<string, number>>({});
  const [at, setAt] = useState("");
  const [of, setOf] = useState(value);
  const frame = useRef<HTMLDivElement>(null);
  if (of !== value) {
    setOf(value);
    setOpen(openAtFirst(value));
    setLimits({});
  }
  const rows = useMemo(() => rowsOf(value, { open, limits }), [value, open, limits]);
  const virtual = rows.length > VIRTUAL_ABOVE;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const current = rows.some((row) => row.key === at) ? at : "";
  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return;
    setAt(row.key);
    if (virtual) virtualizer.scrollToIndex(rows.indexOf(row));
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus());
  };
  const toggle = (row: Row) => {
    if (row.kind === "more") {
      const list = row.parent as string;
      setLimits((before) => ({ ...before, [list]: (before[list] ?? CHUNK) + CHUNK }));
      return;
    }
    if (row.size === 0) return;
    const next = new Set(open);
    if (!next.delete(row.key)) next.add(row.key);
    setOpen(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const index = rows.findIndex((row) => row.key === current);
    const row = rows[index];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = {
      ArrowDown: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row.size > 0 && row.kind !== "more" && !row.open ? toggle(row) : row.open && go(index + 1)),
      ArrowLeft: () => (row.open ? toggle(row) : row.parent !== null && go(rows.findIndex((each) => each.key === row.parent))),
      Enter: () => toggle(row),
      " ": () => toggle(row),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const visible = virtual ? virtualizer.getVirtualItems() : [];
  const shown = virtual ? visible.map((each) => rows[each.index] as Row) : rows;
  return (
    <div ref={frame} className={classes.frame} style={{ maxHeight }}>
      <div
        className={classes.tree}
        role="tree"
        aria-label={label}
        onKeyDown={onKey}
        style={virtual ? { paddingTop: (visible[0]?.start ?? 0) + 6, paddingBottom: virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0) + 6 } : undefined}
      >
        {shown.map((row) => (
          <Line key={row.key} row={row} current={row.key === current} choose={() => setAt(row.key)} toggle={() => toggle(row)} />
        ))}
      </div>
    </div>
  );
}

function Line({ row, current, choose, toggle }: { row: Row; current: boolean; choose: () => void; toggle: () => void }) {
  const inside = row.size > 0;
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={inside && row.kind !== "more" ? row.open : undefined}
      aria-selected={current}
      tabIndex={current ? 0 : -1}
      data-key={row.key}
      data-inside={inside || undefined}
      className={classes.row}
      style={{ paddingLeft: (row.level - 1) * 14 }}
      onFocus={choose}
      onClick={toggle}
    >
      <span className={classes.arrow}>
        {inside && row.kind !== "more" && (row.open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />)}
      </span>
      <span>
        {row.name !== "" && <span className={classes.name}>{row.name}</span>}
        {row.name !== "" && ": "}
        <Told row={row} />
      </span>
    </div>
  );
}

function Told({ row }: { row: Row }) {
  const { kind, size, value } = row;
  if (kind === "more") return <span className={classes.dim}>Show more ({size} left)</span>;
  if (kind === "object") return <span className={classes.dim}>{size === 0 ? "{}" : `{${size}}`}</span>;
  if (kind === "array") return <span className={classes.dim}>{size === 0 ? "[]" : `[${size}]`}</span>;
  const text = kind === "string" ? JSON.stringify(value) ?? String(value) : String(value ?? null);
  const cut = text.length > LONG;
  return (
    <span className={classes[kind]}>
      {cut ? text.slice(0, LONG) : text}
      {cut && <span className={classes.dim}> … {text.length} characters, whole under “Text”</span>}
    </span>
  );
}
