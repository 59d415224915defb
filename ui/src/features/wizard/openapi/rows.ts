/** The operations as a tree in rows: tags, and below each its operations. */

import type { ParsedOperation } from "~/api/openapiImport";

export const UNTAGGED = "Without a tag";

export interface Filter {
  /** A text, or a regular expression between slashes. */
  text: string;
  tag: string;
  method: string;
  readsOnly: boolean;
}

export type Row =
  | { kind: "tag"; tag: string; names: readonly string[]; size: number; place: number }
  | { kind: "operation"; operation: ParsedOperation; tag: string; size: number; place: number };

export function tagOf(operation: ParsedOperation): string {
  return operation.tags[0] ?? UNTAGGED;
}

export function filtered(all: readonly ParsedOperation[], { text, tag, method, readsOnly }: Filter): readonly ParsedOperation[] {
  const fits = matcher(text);
  return all.filter(
    (each) =>
      (!tag || tagOf(each) === tag) &&
      (!method || each.method === method) &&
      (!readsOnly || each.readsOnly) &&
      fits(wordsOf(each)),
  );
}

const words = new WeakMap<ParsedOperation, string>();

/** All that is searched, in small letters; made once, for each letter that is typed asks for all of them. */
function wordsOf(each: ParsedOperation): string {
  const known = words.get(each);
  if (known !== undefined) return known;
  const made = `${each.name} ${each.method} ${each.path} ${each.displayName} ${each.description}`.toLowerCase();
  words.set(each, made);
  return made;
}

function matcher(text: string): (told: string) => boolean {
  const expression = /^\/(.+)\/$/.exec(text.trim())?.[1];
  if (expression !== undefined) {
    try {
      const pattern = new RegExp(expression, "i");
      return (told) => pattern.test(told);
    } catch {
      return () => false; // half-typed
    }
  }
  const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (told) => asked.every((word) => told.includes(word));
}

export function treeRows(shown: readonly ParsedOperation[], closed: ReadonlySet<string>): Row[] {
  const byTag = new Map<string, ParsedOperation[]>();
  for (const each of shown) {
    const known = byTag.get(tagOf(each));
    if (known) known.push(each);
    else byTag.set(tagOf(each), [each]);
  }
  return [...byTag].flatMap(([tag, operations], at) => [
    { kind: "tag" as const, tag, names: operations.map((each) => each.name), size: byTag.size, place: at + 1 },
    ...(closed.has(tag)
      ? []
      : operations.map((operation, place) => ({ kind: "operation" as const, operation, tag, size: operations.length, place: place + 1 }))),
  ]);
}

export function idOf(row: Row): string {
  return row.kind === "tag" ? `tag ${row.tag}` : `operation ${row.operation.name}`;
}
