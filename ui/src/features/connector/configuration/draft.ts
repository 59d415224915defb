/** What is being changed of a connector, and what of it is sent. */

import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { secretNames } from "../yaml";
import { changedFields, same } from "./different";
import { changedEnvironments, environmentsOf, rebasedEnvironments, type EnvironmentDraft } from "./environments";

export interface Draft {
  /** Without stored secrets: nobody can read those. `null` clears one. */
  config: Record<string, unknown>;
  environments: EnvironmentDraft[];
  /** The default one; empty for none. */
  environment: string;
  displayName: string;
  description: string;
  tags: string[];
  /** Milliseconds. */
  timeout: number | null;
  logLevel: string;
  allow: string;
  ports: string;
}

export function draftOf(connector: Connector): Draft {
  const { config, environment, displayName, description, tags, timeout, logLevel, egress } = connector;
  const stored = secretNames(connector);
  return {
    config: Object.fromEntries(Object.entries(config).filter(([field]) => !stored.includes(field))),
    environments: environmentsOf(connector),
    environment,
    displayName,
    description,
    tags,
    timeout,
    logLevel,
    allow: listed(egress.allow),
    ports: listed(egress.ports),
  };
}

/** What differs from how it was, as the server is sent it; nothing for no change. */
export function changesOf(base: Connector, draft: Draft): Record<string, unknown> {
  const before = draftOf(base);
  const changes: Record<string, unknown> = {};
  const config = changedFields(before.config, draft.config);
  if (Object.keys(config).length > 0) changes.config = config;
  const environments = changedEnvironments(before.environments, draft.environments);
  if (Object.keys(environments).length > 0) changes.environments = environments;
  if (before.environment !== draft.environment) changes.environment = draft.environment;
  for (const name of ["displayName", "description", "tags", "timeout", "logLevel"] as const) {
    if (!same(before[name], draft[name])) changes[name] = draft[name];
  }
  if (before.allow !== draft.allow || before.ports !== draft.ports) changes.egress = egressOf(draft);
  return changes;
}

/** Those fields that somebody else changed meanwhile, in words. */
export function changedMeanwhile(base: Connector, newest: Connector): string[] {
  const [before, after] = [draftOf(base), draftOf(newest)];
  const { connectionConfig } = configSchemaOf(newest);
  const labels: Record<string, string> = { displayName: "Display name", description: "Description", tags: "Tags", timeout: "Timeout", logLevel: "Log level" };
  const fields = Object.keys(changedFields(before.config, after.config)).map((name) => connectionConfig[name]?.label ?? name);
  const others = Object.keys(labels).filter((name) => !same(before[name as keyof Draft], after[name as keyof Draft]));
  const more = [
    ...(same(base.environments, newest.environments) && base.environment === newest.environment ? [] : ["Environments"]),
    ...(same(base.mocks, newest.mocks) ? [] : ["Mocks"]),
    ...(before.allow === after.allow && before.ports === after.ports ? [] : ["What it may reach"]),
    ...(base.enabled === newest.enabled ? [] : [newest.enabled ? "It was enabled" : "It was disabled"]),
    ...(base.typeVersion === newest.typeVersion ? [] : [`Its type is now ${newest.typeVersion}`]),
    ...(same(secretNames(base), secretNames(newest)) ? [] : ["Stored secrets"]),
  ];
  return [...fields, ...others.map((name) => labels[name] as string), ...more];
}

/** The draft upon a newer state: what was typed stays, all else is as it is now. */
export function rebased(base: Connector, newest: Connector, draft: Draft): Draft {
  const [before, after] = [draftOf(base), draftOf(newest)];
  const kept = Object.fromEntries(Object.entries(draft).filter(([name, value]) => name !== "config" && !same(before[name as keyof Draft], value)));
  const typed = changedFields(before.config, draft.config);
  const environments = rebasedEnvironments(before.environments, after.environments, draft.environments);
  return { ...after, ...kept, config: { ...after.config, ...typed }, environments };
}

function egressOf({ allow, ports }: Draft): Record<string, unknown> {
  const numbers = parts(ports).map((each) => (/^\d+$/.test(each) ? Number(each) : each));
  return { ...(allow.trim() ? { allow: parts(allow) } : {}), ...(numbers.length > 0 ? { ports: numbers } : {}) };
}

function parts(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function listed(value: unknown): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
