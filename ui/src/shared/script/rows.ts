/** Fields and commands as rows that people fill in, and as the schemas that the server takes. */

import type { Command } from "~/api/connectors";
import type { Schema } from "~/shared/form/schema";

export const TYPES = ["string", "integer", "number", "boolean", "array", "object"] as const;
export const FIELD_TYPES = ["string", "url", "textarea", "integer", "number", "boolean"] as const;

/** One param of a command, or one field of a connection. */
export interface FieldRow {
  name: string;
  type: string;
  required: boolean;
  secret?: boolean;
  description: string;
  /** What the form has no place for. */
  rest?: Schema;
}

export interface CommandRow {
  name: string;
  description: string;
  readsOnly: boolean;
  /** Separated by commas. */
  outputs: string;
  params: FieldRow[];
  /** Written by hand, instead of `params`. */
  json?: string;
}

export const emptyField = (): FieldRow => ({ name: "", type: "string", required: false, description: "" });
export const emptyCommand = (name = ""): CommandRow => ({ name, description: "", readsOnly: false, outputs: "", params: [] });

/** The JSON Schema of a command's params; throws a SyntaxError where it is half-typed JSON. */
export function paramsSchema(row: CommandRow): Schema {
  if (row.json !== undefined) return JSON.parse(row.json || "{}") as Schema;
  const named = row.params.filter((each) => each.name.trim() !== "");
  return {
    type: "object",
    properties: Object.fromEntries(named.map((each) => [each.name.trim(), { ...each.rest, ...propertyOf(each) }])),
    required: named.filter((each) => each.required).map((each) => each.name.trim()),
  };
}

function propertyOf({ type, description }: FieldRow): Schema {
  return { ...(type ? { type } : {}), ...(description ? { description } : {}) };
}

/** As `configSchema` has them; what is half-typed is an object of anything. */
export function commandsOf(rows: readonly CommandRow[]): Record<string, unknown> {
  return Object.fromEntries(
    rows
      .filter((each) => each.name.trim() !== "")
      .map((each) => [
        each.name.trim(),
        {
          description: each.description,
          readsOnly: each.readsOnly,
          outputs: each.outputs.split(",").map((word) => word.trim()).filter(Boolean),
          params: schemaOrAny(each),
        },
      ]),
  );
}

function schemaOrAny(row: CommandRow): Schema {
  try {
    return paramsSchema(row);
  } catch {
    return { type: "object", additionalProperties: true };
  }
}

export function fieldsOf(rows: readonly FieldRow[]): Record<string, unknown> {
  return Object.fromEntries(
    rows
      .filter((each) => each.name.trim() !== "")
      .map((each) => [
        each.name.trim(),
        {
          ...each.rest,
          type: each.type,
          ...(each.required ? { required: true } : {}),
          ...(each.secret ? { secret: true } : {}),
          ...(each.description ? { description: each.description } : {}),
        },
      ]),
  );
}

/** Commands that the server has, as rows. What is more than rows can say stays JSON. */
export function rowsOf(commands: Record<string, Command>): CommandRow[] {
  return Object.entries(commands).map(([name, each]) => ({
    name,
    description: each.description,
    readsOnly: each.readsOnly,
    outputs: each.outputs.join(", "),
    ...paramRows(each.params),
  }));
}

function paramRows(schema: Schema): Pick<CommandRow, "params" | "json"> {
  const { type: _, properties = {}, required = [], additionalProperties: __, ...more } = schema;
  const simple = Object.values(properties).every((each) => typeof each.type === "string");
  if (Object.keys(more).length > 0 || schema.additionalProperties === true || !simple) {
    return { params: [], json: JSON.stringify(schema, null, 2) };
  }
  return {
    params: Object.entries(properties).map(([name, { type, description, ...rest }]) => ({
      name,
      type: type as string,
      required: required.includes(name),
      description: description ?? "",
      rest,
    })),
  };
}
