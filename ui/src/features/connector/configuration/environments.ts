/** What is being changed of a connector's environments. */

import type { Connector } from "~/api/types";
import { masked } from "../yaml";
import { changedFields } from "./different";

export interface EnvironmentDraft {
  name: string;
  /** The name that the server knows it by; `null` for a new one. */
  was: string | null;
  /** The fields that are different there: those with a value, those whose value is stored, and those just chosen. */
  fields: string[];
  /** Without stored secrets. */
  config: Record<string, unknown>;
  /** Secrets that the server has a value of. */
  stored: string[];
  credential: string;
}

export function environmentsOf(connector: Connector): EnvironmentDraft[] {
  return Object.entries(connector.environments).map(([name, kept]) => {
    const { config, credential } = kept as { config: Record<string, unknown>; credential: string };
    const stored = masked(config);
    const own = Object.fromEntries(Object.entries(config).filter(([field]) => !stored.includes(field)));
    return { name, was: name, fields: Object.keys(config), config: own, stored, credential };
  });
}

/** What differs, by the names that the server knows; nothing for no change. */
export function changedEnvironments(before: readonly EnvironmentDraft[], after: readonly EnvironmentDraft[]): Record<string, unknown> {
  const gone = before.filter((each) => !after.some((one) => one.was === each.was)).map((each) => [each.name, null]);
  const changed = after.flatMap((each) => {
    const old = before.find((one) => one.was === each.was);
    if (!old) return [[each.name, { config: each.config, ...(each.credential ? { credential: each.credential } : {}) }]];
    const config = changedConfig(old, each);
    const said = {
      ...(Object.keys(config).length > 0 ? { config } : {}),
      ...(each.credential === old.credential ? {} : { credential: each.credential || null }),
      ...(each.name === old.name ? {} : { name: each.name }),
    };
    return Object.keys(said).length > 0 ? [[old.name, said]] : [];
  });
  return Object.fromEntries([...gone, ...changed]);
}

/** What was typed upon a newer state: all else is as it is now. */
export function rebasedEnvironments(
  before: readonly EnvironmentDraft[],
  newest: readonly EnvironmentDraft[],
  typed: readonly EnvironmentDraft[],
): EnvironmentDraft[] {
  const there = newest.flatMap((each) => {
    const old = before.find((one) => one.was === each.was);
    const mine = typed.find((one) => one.was === each.was);
    if (!old) return [each];
    return mine ? [laidOver(old, each, mine)] : [];
  });
  return [...there, ...typed.filter((each) => each.was === null)];
}

/** What is wrong with a name, in words; empty for nothing. */
export function wrongName(name: string, others: readonly string[]): string {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)) return "Up to 64 letters, digits, - and _, beginning with a letter.";
  return others.some((each) => folded(each) === folded(name)) ? `There is one called ${name}.` : "";
}

function folded(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

function laidOver(old: EnvironmentDraft, newest: EnvironmentDraft, mine: EnvironmentDraft): EnvironmentDraft {
  const config = changedConfig(old, mine);
  const dropped = Object.keys(config).filter((field) => config[field] === null && !mine.fields.includes(field));
  return {
    ...newest,
    name: mine.name === old.name ? newest.name : mine.name,
    fields: [...new Set([...newest.fields, ...mine.fields])].filter((field) => !dropped.includes(field)),
    config: Object.fromEntries(Object.entries({ ...newest.config, ...config }).filter(([field]) => !dropped.includes(field))),
    credential: mine.credential === old.credential ? newest.credential : mine.credential,
  };
}

function changedConfig(old: EnvironmentDraft, now: EnvironmentDraft): Record<string, unknown> {
  // A stored secret is in no draft: that it is gone is told by the fields.
  const dropped = old.fields.filter((field) => !now.fields.includes(field));
  return { ...changedFields(old.config, now.config), ...Object.fromEntries(dropped.map((field) => [field, null])) };
}
