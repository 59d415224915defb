/** Which connectors are shown, in which order. */

import type { Health } from "~/api/connectors";
import type { HealthOf } from "~/shared/status/useHealth";
import type { Connector, ConnectorType } from "~/api/types";
import { kindWord } from "~/shared/model/words";
import type { Search } from "~/shared/url/useUrlState";

export interface Row {
  /** `namespace/name`. */
  id: string;
  connector: Connector;
  type: ConnectorType | undefined;
  health: Health;
  mocked: boolean;
  commands: readonly string[];
  /** All that is searched, in small letters. */
  text: string;
}

export const FILTERS = ["health", "kind", "category", "tag", "namespace"] as const;
export type Filter = (typeof FILTERS)[number];

export const SORTS: readonly { value: string; label: string }[] = [
  { value: "", label: "Name" },
  { value: "health", label: "Status, the worst first" },
  { value: "tested", label: "Last test, the newest first" },
  { value: "updated", label: "Last change, the newest first" },
  { value: "type", label: "Type" },
  { value: "namespace", label: "Namespace" },
];

const WORST: readonly Health[] = ["failing", "needs_reauthorization", "needs-credentials", "untested", "mock", "ok", "disabled"];

export function rowsOf(connectors: readonly Connector[], types: readonly ConnectorType[], healthOf: HealthOf): Row[] {
  const byName = new Map(types.map((each) => [each.name, each]));
  return connectors.map((connector) => {
    const type = byName.get(connector.type);
    const commands = type?.commands ?? [];
    const { namespace, name, displayName, description, tags } = connector;
    return {
      id: `${namespace}/${name}`,
      connector,
      type,
      health: healthOf(connector),
      mocked: connector.mocks.enabled === true,
      commands,
      text: [namespace, name, displayName, description, connector.type, type?.displayName, ...tags, ...commands].join(" ").toLowerCase(),
    };
  });
}

/** What a row says to a filter. */
export function valuesOf(row: Row, filter: Filter): readonly string[] {
  const { connector } = row;
  switch (filter) {
    case "health":
      return [row.health];
    case "kind":
      return [connector.executionModel || row.type?.executionModel || "none"];
    case "category":
      return connector.category ? [connector.category] : [];
    case "tag":
      return connector.tags;
    case "namespace":
      return [connector.namespace];
  }
}

/** What there is to choose from, with how many rows have it. */
export function choicesOf(rows: readonly Row[], filter: Filter): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of valuesOf(row, filter)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((one, other) => one.value.localeCompare(other.value));
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

export function chosen(rows: readonly Row[], text: string, search: Search): Row[] {
  const words = wordsOf(text);
  return rows
    .filter((row) => words.every((word) => row.text.includes(word)))
    .filter((row) => FILTERS.every((filter) => !search[filter] || valuesOf(row, filter).includes(search[filter])))
    .sort(orders[search.sort ?? ""] ?? byName);
}

/** The commands that a search is about, if it is about some. */
export function commandHits(row: Row, words: readonly string[]): string[] {
  if (words.length === 0) return [];
  return row.commands.filter((command) => words.some((word) => command.toLowerCase().includes(word))).slice(0, 3);
}

type Order = (one: Row, other: Row) => number;

const byName: Order = (one, other) =>
  one.connector.name < other.connector.name ? -1 : one.connector.name > other.connector.name ? 1 : one.id < other.id ? -1 : 1;
const newest =
  (read: (row: Row) => string | null | undefined): Order =>
  (one, other) =>
    (read(other) ?? "").localeCompare(read(one) ?? "") || byName(one, other);

const orders: Record<string, Order> = {
  health: (one, other) => WORST.indexOf(one.health) - WORST.indexOf(other.health) || byName(one, other),
  tested: newest((row) => row.connector.tested),
  updated: newest((row) => row.connector.updated),
  type: (one, other) => one.connector.type.localeCompare(other.connector.type) || byName(one, other),
  namespace: (one, other) => one.connector.namespace.localeCompare(other.connector.namespace) || byName(one, other),
};

/** A filter's value, as people say it. */
export function valueWord(filter: Filter, value: string): string {
  if (filter === "kind") return value === "none" ? "Not installed" : kindWord(value);
  return value;
}
