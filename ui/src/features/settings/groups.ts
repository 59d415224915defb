/** Settings by what they are about. */

import type { Setting } from "~/api/settings";

const GROUPS: readonly [string, RegExp][] = [
  ["Data and keys", /^(config|data|database|key|retention|backup|keep)/],
  ["Server", /^(host|port|url|token|admin|allowed|public|proxy|tls|trusted|max_request|cors|session|forwarded|body|listen|drain|shutdown)/],
  ["Network of connectors", /^(egress|proxies|http|dns|ca_)/],
  ["Connectors and scripts", /^(connectors|types|script|sandbox|mock|plugin|timeout|concurrency|max_)/],
  ["Log and telemetry", /^(log|otel|metrics|trace|telemetry)/],
];
const OTHER = "Other";

/** Each group that has any, in order, and what belongs nowhere at the end. */
export function grouped(settings: readonly Setting[]): [string, Setting[]][] {
  const groups = new Map<string, Setting[]>([...GROUPS.map(([name]) => name), OTHER].map((name) => [name, []]));
  for (const each of settings) {
    const group = GROUPS.find(([, pattern]) => pattern.test(each.name))?.[0] ?? OTHER;
    groups.get(group)?.push(each);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}

export type Source = "default" | "file" | "environment" | "argument";

/** The kind of a source such as `environment (JACKFIELD_KEY)`. */
export function kindOf(source: string): Source {
  return (["file", "environment", "argument"] as const).find((each) => source.startsWith(each)) ?? (source === "found" ? "file" : "default");
}

/** A value in words. */
export function told(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((each) => told(each)).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
