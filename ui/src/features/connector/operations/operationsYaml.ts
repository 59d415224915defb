/** The operations of a declarative connector as the YAML that makes them again. */

import { stringify } from "yaml";
import type { Definition } from "~/api/catalogue";

const KEYS = ["baseUrl", "headers", "operations"] as const;

/** What can be changed of a definition, without what says nothing. */
export function operationsYaml(definition: Definition): string {
  const source = definition.source as Record<string, unknown>;
  const operations = Object.fromEntries(
    Object.entries((source.operations ?? {}) as Record<string, Record<string, unknown>>).map(([name, operation]) => {
      const command = definition.configSchema.commands[name];
      const said = { description: command?.description, ...operation, parameters: command?.params, outputs: command?.outputs };
      return [name, without(said)];
    }),
  );
  return stringify(without({ baseUrl: source.baseUrl, headers: source.headers, operations }), { lineWidth: 110, aliasDuplicateObjects: false });
}

/** The body of a change: of what was written, the keys that there are. */
export function changesOf(written: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(KEYS.flatMap((key) => (key in written ? [[key, written[key]]] : [])));
}

/** Keys that are none of a change; an operation that is misspelt would be lost in silence. */
export function unknownKeys(written: Record<string, unknown>): string[] {
  return Object.keys(written).filter((key) => !(KEYS as readonly string[]).includes(key));
}

function without(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value as object).length === 0);
}
