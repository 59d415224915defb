/** JSON Schema, as far as a form needs to know it. */

export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  writeOnly?: boolean;
  deprecated?: boolean;
  examples?: unknown[];
  /** Of a field of a connection: shown and required only while others have certain values. */
  displayOptions?: { show?: Record<string, unknown[]> };
  placeholder?: string;
  helpText?: string;
  helpUrl?: string;
  [key: string]: unknown;
}

export type Kind = "string" | "textarea" | "secret" | "url" | "date" | "number" | "integer" | "boolean" | "select" | "list" | "object" | "json";

const DEEPEST = 4;

/** The schema that a reference means; only references inside of the document are followed. */
export function resolved(schema: Schema, root: Schema): Schema {
  let found = schema;
  for (let steps = 0; found.$ref !== undefined && steps < 20; steps += 1) {
    const target = inside(root, found.$ref);
    if (target === undefined) return {};
    const { $ref: _, ...beside } = found;
    found = { ...target, ...beside };
    if (target.$ref !== undefined) found.$ref = target.$ref;
  }
  return found;
}

function inside(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith("#")) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at as Schema;
}

/** Of `T | null`, the schema of `T`: a field that is left empty says nothing. */
export function withoutNull(schema: Schema, root: Schema): Schema {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices === undefined) return schema;
  const kept = choices.map((each) => resolved(each, root)).filter((each) => each.type !== "null");
  if (kept.length !== 1) return schema;
  const { anyOf: _, oneOf: __, ...beside } = schema;
  return { ...(kept[0] as Schema), ...beside };
}

/** How a value is put in. What no field fits is written as JSON. */
export function kindOf(schema: Schema, depth = 0): Kind {
  if (schema.enum !== undefined) return "select";
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf) return "json";
  const types = Array.isArray(schema.type) ? schema.type.filter((each) => each !== "null") : [schema.type];
  switch (types.length === 1 ? types[0] : undefined) {
    case "boolean":
      return "boolean";
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "string":
      return textKind(schema);
    case "object":
      return schema.properties && Object.keys(schema.properties).length > 0 && depth < DEEPEST ? "object" : "json";
    case "array":
      return schema.items && depth < DEEPEST && listKind(schema.items, depth) ? "list" : "json";
    default:
      return "json";
  }
}

function listKind(items: Schema, depth: number): boolean {
  return items.$ref === undefined && kindOf(items, depth + 1) !== "json";
}

function textKind(schema: Schema): Kind {
  if (schema.format === "password" || schema.writeOnly === true) return "secret";
  if (schema.format === "textarea" || (schema.maxLength ?? 0) > 500) return "textarea";
  if (schema.format === "uri" || schema.format === "url") return "url";
  return schema.format === "date" ? "date" : "string";
}

/** What a field is called. Names of fields are the author's, and stay as they are where there is no title. */
export function labelOf(name: string, schema: Schema): string {
  return schema.title && schema.title !== name ? schema.title : name;
}

/** Names of the fields that are shown while the others have these values; where there is none, a default counts. */
export function shownNames(schema: Schema, values: Record<string, unknown>): string[] {
  const fields = schema.properties ?? {};
  return Object.entries(fields).flatMap(([name, field]) => {
    const conditions = Object.entries(field.displayOptions?.show ?? {});
    const holds = conditions.every(([other, wanted]) => wanted.includes(values[other] ?? fields[other]?.default));
    return holds ? [name] : [];
  });
}

/** The JSON pointer of a part (RFC 6901). */
export function pointer(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What is filled in before anybody has typed. */
export function defaultsOf(schema: Schema, root: Schema = schema): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const field = resolved(each, root);
    if (field.default !== undefined && field.default !== null) values[name] = field.default;
  }
  return values;
}
