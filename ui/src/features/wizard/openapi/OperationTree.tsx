/** Operations by tag. The list itself has the focus; arrows move in it, Space selects. Only what is seen is drawn. */

import { IconChevronDown, IconChevronRight, IconSquare, IconSquareCheckFilled, IconSquareMinusFilled } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { short } from "./budget";
import classes from "./OperationTree.module.css";
import { idOf, type Row } from "./rows";
import { riskOf } from "./risk";

const ROW_PX = 32;

export interface OperationTreeProps {
  rows: readonly Row[];
  chosen: ReadonlySet<string>;
  names: Record<string, string>;
  tokens: ReadonlyMap<string, number>;
  closed: ReadonlySet<string>;
  /** Name of the operation that is looked at. */
  active: string;
  onActive: (name: string) => void;
  onChoose: (names: readonly string[], on: boolean) => void;
  onAll: (on: boolean) => void;
  onClose: (tag: string, on: boolean) => void;
}

export function OperationTree(props: OperationTreeProps) {
  const { rows, chosen, closed, onActive, onChoose, onAll, onClose } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState("");
  const place = Math.max(rows.findIndex((row) => idOf(row) === at), 0);
  const virtualizer = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => ROW_PX, overscan: 10 });
  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    const row = rows[next];
    if (!row) return;
    setAt(idOf(row));
    if (row.kind === "operation") onActive(row.operation.name);
    virtualizer.scrollToIndex(next);
  };
  const namesOf = (row: Row) => (row.kind === "tag" ? row.names : [row.operation.name]);
  const toggle = (row: Row) => onChoose(namesOf(row), stateOf(row, chosen) !== "true");
  const onKey = (event: React.KeyboardEvent) => {
    const row = rows[place];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const tag = row.tag;
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(place + 1),
      ArrowUp: () => move(place - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      PageDown: () => move(place + 12),
      PageUp: () => move(place - 12),
      " ": () => toggle(row),
      ArrowRight: () => (row.kind === "tag" && closed.has(tag) ? onClose(tag, false) : move(place + 1)),
      ArrowLeft: () => (row.kind === "tag" ? onClose(tag, true) : move(rows.findIndex((each) => each.kind === "tag" && each.tag === tag))),
      Enter: () => (row.kind === "tag" ? onClose(tag, !closed.has(tag)) : document.getElementById("tool-name")?.focus()),
      a: () => onAll(true),
      n: () => onAll(false),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  return (
    <div
      ref={frame}
      className={classes.tree}
      role="tree"
      aria-label="Operations"
      aria-multiselectable
      tabIndex={0}
      aria-activedescendant={rows[place] ? `row-${place}` : undefined}
      onKeyDown={onKey}
      onFocus={() => at === "" && rows[0] && setAt(idOf(rows[0]))}
    >
      <div className={classes.inner} style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index] as Row;
          return (
            <TreeRow
              key={idOf(row)}
              {...props}
              row={row}
              index={index}
              start={start}
              current={idOf(row) === at}
              onPick={(box) => {
                move(index);
                if (box) toggle(row);
                else if (row.kind === "tag") onClose(row.tag, !closed.has(row.tag));
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function stateOf(row: Row, chosen: ReadonlySet<string>): "true" | "false" | "mixed" {
  if (row.kind === "operation") return chosen.has(row.operation.name) ? "true" : "false";
  const count = row.names.filter((name) => chosen.has(name)).length;
  return count === 0 ? "false" : count === row.names.length ? "true" : "mixed";
}

const BOXES = { true: IconSquareCheckFilled, false: IconSquare, mixed: IconSquareMinusFilled };

function TreeRow({
  row,
  index,
  start,
  current,
  chosen,
  names,
  tokens,
  closed,
  onPick,
}: OperationTreeProps & { row: Row; index: number; start: number; current: boolean; onPick: (box: boolean) => void }) {
  const state = stateOf(row, chosen);
  const Box = BOXES[state];
  const isTag = row.kind === "tag";
  const Chevron = isTag && closed.has(row.tag) ? IconChevronRight : IconChevronDown;
  return (
    <div
      id={`row-${index}`}
      role="treeitem"
      aria-level={isTag ? 1 : 2}
      aria-setsize={row.size}
      aria-posinset={row.place}
      aria-checked={state}
      aria-expanded={isTag ? !closed.has(row.tag) : undefined}
      className={classes.row}
      data-active={current || undefined}
      style={{ top: start }}
      onClick={(event) => onPick((event.target as Element).closest("[data-box]") !== null)}
    >
      {isTag && <Chevron size={14} aria-hidden style={{ flexShrink: 0 }} />}
      <span className={classes.box} data-box>
        <Box size={16} aria-hidden color={state === "false" ? "var(--mantine-color-dimmed)" : "var(--mantine-color-anchor)"} />
      </span>
      {isTag ? (
        <>
          <b className={classes.name}>{row.tag}</b>
          <span className={classes.more}>
            {row.names.filter((name) => chosen.has(name)).length} of {row.names.length}
          </span>
        </>
      ) : (
        <>
          <span className={classes.method}>{row.operation.method}</span>
          <span className={classes.name}>{names[row.operation.name] || row.operation.name}</span>
          <span className={classes.path}>{row.operation.path}</span>
          <span className={classes.risk}>{riskOf(row.operation)}</span>
          <span className={classes.more}>~{short(tokens.get(row.operation.name) ?? 0)}</span>
        </>
      )}
    </div>
  );
}
