/** What a list of calls can be narrowed by, as it stands in the address and in the request. */

import type { Query } from "~/api/lists";
import type { Search } from "~/shared/url/useUrlState";

export const FILTERS = ["connector", "command", "status", "trigger", "caller", "runId", "since", "until"] as const;
export type Filter = (typeof FILTERS)[number];

export const TRIGGERS = ["manual", "api", "sdk", "agent", "mcp", "workflow", "webhook", "schedule", "poll", "cdc", "cli", "test", "trial"];

const LABELS: Record<Filter, string> = {
  connector: "Connector",
  command: "Command",
  status: "Status",
  trigger: "Started by",
  caller: "Caller",
  runId: "Run",
  since: "From",
  until: "Before",
};

export function filtersOf(search: Search): Partial<Record<Filter, string>> {
  return Object.fromEntries(FILTERS.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
}

export function queryOf(filters: Partial<Record<Filter, string>>): Query {
  return { ...filters };
}

/** The filters in words, such as `Status FAILED`. */
export function toldOf(filters: Partial<Record<Filter, string>>, names: ReadonlyMap<string, string>): string[] {
  return Object.entries(filters).map(([name, value]) => {
    const shown = name === "caller" ? (names.get(value) ?? value) : name === "since" || name === "until" ? new Date(value).toLocaleString() : value;
    return `${LABELS[name as Filter]}: ${shown}`;
  });
}

/** No filter at all, for a button that clears them. */
export const NONE: Search = Object.fromEntries(FILTERS.map((name) => [name, ""]));

/** A moment as a field of date and time has it, in the zone of the person. */
export function toField(iso: string | undefined): string {
  if (!iso) return "";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromField(text: string): string {
  return text ? new Date(text).toISOString() : "";
}
