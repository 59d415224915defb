/** Which connectors name a secret, as far as their settings show it. */

import type { Connector } from "~/api/types";

/** `namespace/name` of the connectors, by the secret that they name as `{"secret": NAME}`. */
export function usesBySecret(connectors: readonly Connector[]): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const connector of connectors) {
    const names = new Set<string>();
    collect(connector.config, names);
    for (const name of names) uses.set(name, [...(uses.get(name) ?? []), `${connector.namespace}/${connector.name}`]);
  }
  return uses;
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  const { secret } = value as { secret?: unknown };
  if (typeof secret === "string" && Object.keys(value).length === 1) names.add(secret);
  for (const each of Object.values(value)) collect(each, names);
}
