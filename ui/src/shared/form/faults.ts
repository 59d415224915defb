/** What the server says about a field of a small form, by the field's name. */

import { asProblem } from "~/api/problem";

/** Messages by name of field; of faults deeper inside, by that of the outermost. Nothing where nothing was refused. */
export function faultsByName(error: unknown): Record<string, string | undefined> {
  if (!error) return {};
  const found: Record<string, string> = {};
  for (const each of asProblem(error).errors) {
    const name = each.pointer.split("/")[1];
    if (name && !found[name]) found[name] = each.message;
  }
  return found;
}

/** Whether all that was refused stands at fields named so; otherwise it has to be told beside them. */
export function isTold(error: unknown, names: readonly string[]): boolean {
  const { errors } = asProblem(error);
  return errors.length > 0 && errors.every((each) => names.includes(each.pointer.split("/")[1] ?? ""));
}
