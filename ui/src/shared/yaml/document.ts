/** The YAML of a declarative connector: read, and its places by JSON pointer. */

import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import type { Fault } from "~/api/problem";
import type { Mark } from "~/shared/code/Editor";

export interface Read {
  document: Document.Parsed;
  lines: LineCounter;
  /** Empty where it is no mapping yet. */
  value: Record<string, unknown>;
}

let last: { text: string; read: Read } | null = null;

export function readYaml(text: string): Read {
  if (last?.text === text) return last.read;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, maxAliasCount: 100 } as never);
  let value: unknown = null;
  try {
    value = document.errors.length === 0 ? document.toJS({ maxAliasCount: 100 }) : null;
  } catch {
    value = null; // aliases without end
  }
  const read = { document, lines, value: typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {} };
  last = { text, read };
  return read;
}

export function yamlObject(text: string): Record<string, unknown> {
  return readYaml(text).value;
}

/** What keeps the text from being YAML of a mapping; null for nothing. */
export function yamlFault(text: string): Mark | null {
  const { document, lines, value } = readYaml(text);
  const error = document.errors[0];
  if (error) {
    const at = lines.linePos(error.pos[0]);
    return { line: at.line, column: at.col, message: error.message };
  }
  return Object.keys(value).length === 0 ? { line: 1, message: "Write the keys of a connector, such as `baseUrl` and `operations`." } : null;
}

/** Where a message without a place belongs: at the keys that it names. */
export function faultsNamed(text: string, message: string): Fault[] {
  const keys = Object.keys(yamlObject(text));
  return [...message.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => (keys.includes(name as string) ? [{ pointer: `/${name}`, message }] : []));
}

/** Faults of the server at the lines that they are about, or at the nearest that is there. */
export function marksOf(text: string, faults: readonly Fault[]): Mark[] {
  const read = readYaml(text);
  return faults.map(({ pointer, message }) => ({ ...placeOf(read, pointer), message }));
}

function placeOf({ document, lines, value }: Read, pointer: string): { line: number; column?: number } {
  const path = pathOf(pointer, value);
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== null) {
      const at = lines.linePos(offset);
      return { line: at.line, column: at.col };
    }
  }
  return { line: 1 };
}

/** The keys on the way; numbers for what is a list. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  let at: unknown = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const key = Array.isArray(at) ? Number(name) : name;
      at = typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[key] : undefined;
      return key;
    });
}

/** Where the key stands, or the item of a list. */
function offsetOf(document: Document.Parsed, path: (string | number)[]): number | null {
  const key = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (typeof parent !== "object" || parent === null || !("items" in parent)) return null;
  const items = (parent as { items: unknown[] }).items;
  if (typeof key === "number") return startOf(items[key]);
  const pair = items.find((each) => String((each as { key?: { value?: unknown } }).key?.value ?? "") === key);
  return pair === undefined ? null : startOf((pair as { key: unknown }).key);
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}
