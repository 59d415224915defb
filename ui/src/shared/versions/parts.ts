/** A definition in the parts that people look at, each as text. */

export interface Part {
  name: "source" | "schema" | "rest";
  label: string;
  before: string;
  after: string;
}

export function partsOf(before: unknown, after: unknown): Part[] {
  const [first, second] = [split(before), split(after)];
  const parts: Part[] = [
    { name: "source", label: "Source", before: first.source, after: second.source },
    { name: "schema", label: "Commands and fields", before: first.schema, after: second.schema },
    { name: "rest", label: "The rest", before: first.rest, after: second.rest },
  ];
  return parts.filter((each) => each.before || each.after);
}

function split(definition: unknown): { source: string; schema: string; rest: string } {
  const { source, configSchema, ...rest } = plain(definition);
  const { scriptSource, ...beside } = plain(source);
  const settings = Object.keys(beside).length > 0 ? written(beside) : "";
  return {
    source: typeof scriptSource === "string" ? scriptSource + (settings && `\n${settings}`) : settings,
    schema: configSchema === undefined ? "" : written(configSchema),
    rest: Object.keys(rest).length > 0 ? written(rest) : "",
  };
}

function plain(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function written(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
