/** Warnings of a document that say the same are one, with their places and lines. */

import type { DocumentWarning } from "~/api/openapiImport";

export interface WarningGroup {
  message: string;
  pointers: string[];
}

export function grouped(warnings: readonly DocumentWarning[]): WarningGroup[] {
  const groups = new Map<string, WarningGroup>();
  for (const { pointer, message } of warnings) {
    const same = message.replace(/`[^`]*`/g, "`…`");
    const group = groups.get(same);
    if (group) group.pointers.push(pointer);
    else groups.set(same, { message, pointers: [pointer] });
  }
  return [...groups.values()].sort((one, other) => other.pointers.length - one.pointers.length);
}

const LONGEST = 1_500_000;

/** The lines of places in a text of JSON or YAML. Of a very long text none is told: reading it here takes too long. */
export async function linesOf(text: string, pointers: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (text === "" || text.length > LONGEST) return new Map();
  const { marksOf } = await import("~/shared/yaml/document");
  return new Map(marksOf(text, pointers.map((pointer) => ({ pointer, message: pointer }))).map((mark) => [mark.message, mark.line]));
}
