/** A connector as a file of YAML that `jackfield connectors add` takes. Stored secrets are named, never shown. */

import { stringify } from "yaml";
import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";

const MASK = "********";

/** What makes the connector, with an environment variable's name in place of each stored secret. */
export function yamlOf(connector: Connector): string {
  const { namespace, name, type, displayName, description, tags, timeout, logLevel, egress, mocks } = connector;
  const secrets = secretNames(connector);
  const body = Object.entries({
    name,
    namespace: namespace === "default" ? "" : namespace,
    type,
    displayName,
    description,
    tags,
    config: shown(connector.config, name),
    timeout,
    logLevel,
    egress,
    mocks,
  }).filter(([, value]) => said(value));
  const note = secrets.length > 0 ? `# Make these secrets first: ${secrets.map((each) => secretName(name, each)).join(", ")}\n` : "";
  return note + stringify(Object.fromEntries(body));
}

/** Fields whose value is stored and masked. */
export function secretNames(connector: Connector): string[] {
  const { connectionConfig } = configSchemaOf(connector);
  const known = Object.keys(connectionConfig).filter((each) => connectionConfig[each]?.secret);
  return [...new Set([...known, ...Object.keys(connector.config)])].filter((each) => connector.config[each] === MASK);
}

function shown(config: Record<string, unknown>, connector: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([field, value]) => [field, value === MASK ? { secret: secretName(connector, field) } : value]),
  );
}

function secretName(connector: string, field: string): string {
  return `${connector}_${field}`.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();
}

function said(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
