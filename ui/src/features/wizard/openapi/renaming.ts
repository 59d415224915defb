/** Commands of other names than the document gives them: the `operationId`s of the document that is stored are changed. */

import type { NewConnector } from "~/api/creating";
import type { ParsedDocument } from "~/api/openapiImport";

type Json = Record<string, unknown>;

export function renamed(draft: NewConnector, parsed: ParsedDocument, names: Record<string, string>): NewConnector {
  const changes = Object.entries(names).filter(([name, other]) => other !== "" && other !== name);
  if (changes.length === 0 || !isObject(draft.spec)) return draft;
  const spec = { ...draft.spec, paths: { ...(draft.spec.paths as Json) } };
  const others: Record<string, string> = {};
  for (const [name, other] of changes) {
    const command = parsed.commands.find((each) => each.name === name);
    const path = command && spec.paths[command.path];
    const method = command?.method.toLowerCase() ?? "";
    if (!command || !isObject(path) || !isObject(path[method])) continue; // it stands in another file
    spec.paths[command.path] = { ...path, [method]: { ...(path[method] as Json), operationId: other } };
    others[name] = other;
  }
  const select = Array.isArray(draft.select) ? { select: draft.select.map((each) => others[String(each)] ?? each) } : {};
  return { ...draft, spec, ...select };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Why a command cannot have this name; empty if it can. */
export function nameFaultOf(name: string, of: string, parsed: ParsedDocument, names: Record<string, string>): string {
  if (name === "") return "";
  if (!NAME.test(name)) return "1 to 64 letters, digits, - and _, beginning with a letter.";
  const taken = parsed.commands.some((each) => each.name !== of && folded(names[each.name] || each.name) === folded(name));
  return taken ? "Another command has this name." : "";
}

function folded(name: string): string {
  return name.replace(/[-_\s]/g, "").toLowerCase();
}
