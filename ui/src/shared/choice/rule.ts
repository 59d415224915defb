/** What is settled about a command's params, as rows of a form. */

import { folded, type ToolRule } from "./choice";

/** Whose a param is. A template is a text with `{{ }}`, whose value is known when the tool is called. */
export type Way = "model" | "default" | "locked" | "hidden";

export interface ParamRow {
  name: string;
  way: Way;
  value: unknown;
  /** It is written as a template, whatever the param takes. */
  template: boolean;
}

export const WAYS: readonly { value: Way; label: string }[] = [
  { value: "model", label: "The model decides" },
  { value: "default", label: "Default that it may override" },
  { value: "locked", label: "Locked: hidden from the model" },
  { value: "hidden", label: "Never given" },
];

function isTemplate(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

/** The params in their order, with what is settled. */
export function rowsOf(params: readonly string[], rule: ToolRule): ParamRow[] {
  const settled = Object.entries(rule.parameters ?? {});
  const visible = rule.fields ? new Set(rule.fields.map(folded)) : null;
  return params.map((name) => {
    const found = settled.find(([each]) => folded(each) === folded(name));
    if (found === undefined) return { name, way: visible && !visible.has(folded(name)) ? "hidden" : "model", value: undefined, template: false };
    const { value, locked } = read(found[1]);
    return { name, way: locked ? "locked" : "default", value, template: isTemplate(value) };
  });
}

function read(said: unknown): { value: unknown; locked: boolean } {
  if (typeof said === "object" && said !== null && !Array.isArray(said)) {
    const { value, locked, ...rest } = said as { value?: unknown; locked?: unknown };
    if (typeof locked === "boolean" && Object.keys(rest).length === 0 && "value" in said) return { value, locked };
  }
  return { value: said, locked: true };
}

/** The rule with these rows; what the rows cannot show of it stays. */
export function withRows(rule: ToolRule, rows: readonly ParamRow[]): ToolRule {
  const { parameters: _, fields: __, ...rest } = rule;
  const settled = rows.filter((each) => (each.way === "locked" || each.way === "default") && each.value !== undefined);
  const shown = rows.filter((each) => each.way !== "hidden" && !(each.way === "locked" && each.value !== undefined)).map((each) => each.name);
  return {
    ...rest,
    ...(settled.length > 0 ? { parameters: Object.fromEntries(settled.map((each) => [each.name, { value: each.value, locked: each.way === "locked" }])) } : {}),
    ...(rows.some((each) => each.way === "hidden") ? { fields: shown } : {}),
  };
}

/** The rule without what says nothing. */
export function trimmed(rule: ToolRule): ToolRule {
  const { result, ...rest } = rule;
  const kept = Object.entries(rest).filter(([, value]) => value !== "" && value !== false && value !== null && value !== undefined);
  const shown = { ...(result?.fields?.length ? { fields: result.fields } : {}), ...(result?.limit ? { limit: result.limit } : {}) };
  return { ...Object.fromEntries(kept), ...(Object.keys(shown).length > 0 ? { result: shown } : {}) };
}

/** What is settled, in a few words for a list; empty where nothing is. */
export function ruleWords(rule: ToolRule): string {
  const settled = Object.values(rule.parameters ?? {}).map(read);
  const locked = settled.filter((each) => each.locked).length;
  const words = [
    locked > 0 ? `${locked} locked` : "",
    settled.length > locked ? `${settled.length - locked} with a default` : "",
    rule.fields ? "fields chosen" : "",
    rule.name ? `as ${rule.name}` : "",
    rule.description ? "own description" : "",
    rule.mock ? "mock allowed" : "",
    rule.result?.limit || rule.result?.fields?.length ? "result cut" : "",
  ];
  return words.filter(Boolean).join(", ");
}
