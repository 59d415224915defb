/** Checks values in the browser by the same schema as the server, which has the last word. */

import { Validator } from "@cfworker/json-schema";
import type { Fault } from "~/api/problem";
import type { Schema } from "./schema";

/** What is wrong, by JSON pointer. A schema that cannot be used here finds nothing: the server will. */
export function faultsOf(schema: Schema, value: unknown): Fault[] {
  let errors;
  try {
    errors = new Validator(schema as never, "2020-12", false).validate(value as never).errors;
  } catch {
    return [];
  }
  const found = new Map<string, Fault>();
  for (const each of errors) {
    if (["properties", "items", "$ref", "allOf"].includes(each.keyword)) continue; // says only that something inside is wrong
    const missing = each.keyword === "required" ? /"([^"]+)"/.exec(each.error)?.[1] : undefined;
    const place = each.instanceLocation.replace(/^#/, "") + (missing === undefined ? "" : `/${missing}`);
    if (!found.has(place)) found.set(place, { pointer: place, message: missing === undefined ? each.error : "This is needed." });
  }
  return [...found.values()];
}
