/** The lines of a JSON value's tree: only what is open, and of long lists only the beginning until more is asked for. */

export type Kind = "object" | "array" | "string" | "number" | "boolean" | "null";

export interface Row {
  /** JSON pointer of the value; of a line that offers more, that of its list with `~more` behind it. */
  key: string;
  parent: string | null;
  /** Name in its object, or place in its list; empty for the root. */
  name: string;
  level: number;
  kind: Kind | "more";
  /** How many are inside, of objects and lists; how many are not shown yet, of a line that offers more. */
  size: number;
  open: boolean;
  value: unknown;
  position: number;
  siblings: number;
}

/** So many of a list or object are shown at first, and so many more each time. */
export const CHUNK = 100;

export interface Shown {
  open: ReadonlySet<string>;
  /** How many are shown of a list or object, where it is not `CHUNK`. */
  limits: Readonly<Record<string, number>>;
}

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "object" ? "object" : type === "string" || type === "number" || type === "boolean" ? type : "string";
}

function within(value: unknown, kind: Kind | "more"): readonly (readonly [string, unknown])[] {
  if (kind === "array") return (value as unknown[]).map((each, at) => [String(at), each] as const);
  return kind === "object" ? Object.entries(value as object) : [];
}

function below(key: string, name: string): string {
  return `${key}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The lines to show, from the root on. */
export function rowsOf(value: unknown, shown: Shown): Row[] {
  const rows: Row[] = [];
  const add = (each: unknown, key: string, parent: string | null, name: string, level: number, position: number, siblings: number) => {
    const kind = kindOf(each);
    const inside = within(each, kind);
    const open = inside.length > 0 && shown.open.has(key);
    rows.push({ key, parent, name, level, kind, size: inside.length, open, value: each, position, siblings });
    if (!open) return;
    const limit = shown.limits[key] ?? CHUNK;
    const count = Math.min(inside.length, limit) + (inside.length > limit ? 1 : 0);
    inside.slice(0, limit).forEach(([inner, one], at) => add(one, below(key, inner), key, inner, level + 1, at + 1, count));
    if (inside.length > limit) {
      const left = inside.length - limit;
      rows.push({ key: `${key}~more`, parent: key, name: "", level: level + 1, kind: "more", size: left, open: false, value: null, position: count, siblings: count });
    }
  };
  add(value, "", null, "", 1, 1, 1);
  return rows;
}

const OPEN_ROWS = 40;

/** What is open at first: level by level, as long as it fits one look. */
export function openAtFirst(value: unknown): Set<string> {
  const open = new Set<string>();
  let left = OPEN_ROWS;
  let level: (readonly [string, unknown])[] = [["", value]];
  while (level.length > 0) {
    const next: (readonly [string, unknown])[] = [];
    for (const [key, each] of level) {
      const inside = within(each, kindOf(each));
      const size = Math.min(inside.length, CHUNK);
      if (size === 0 || (key !== "" && size > left)) continue;
      open.add(key);
      left -= size;
      next.push(...inside.slice(0, CHUNK).map(([name, one]) => [below(key, name), one] as const));
    }
    level = next;
  }
  return open;
}
