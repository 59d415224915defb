/** A connector as a file of YAML that `jackfield connectors add` takes. Stored secrets are named, never shown. */

import { stringify } from "yaml";
import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";

const MASK = "********";

/** What makes the connector, with an environment variable's name in place of each stored secret. */
export function yamlOf(connector: Connector): string {
  const { namespace, name, type, displayName, description, tags, timeout, logLevel, egress, mocks, environment } = connector;
  const environments = Object.entries(connector.environments) as [string, { config: Record<string, unknown>; credential: string }][];
  const secrets = [
    ...secretNames(connector).map((each) => secretName(name, each)),
    ...environments.flatMap(([where, { config }]) => masked(config).map((each) => secretName(`${name}_${where}`, each))),
  ];
  const body = Object.entries({
    name,
    namespace: namespace === "default" ? "" : namespace,
    type,
    displayName,
    description,
    tags,
    config: shown(connector.config, name),
    environments: Object.fromEntries(
      environments.map(([where, { config, credential }]) => [where, { config: shown(config, `${name}_${where}`), ...(credential ? { credential } : {}) }]),
    ),
    environment,
    timeout,
    logLevel,
    egress,
    mocks,
  }).filter(([, value]) => said(value));
  const note = secrets.length > 0 ? `# Make these secrets first: ${secrets.join(", ")}\n` : "";
  return note + stringify(Object.fromEntries(body));
}

/** Fields whose value is stored and masked. */
export function secretNames(connector: Connector): string[] {
  const { connectionConfig } = configSchemaOf(connector);
  const known = Object.keys(connectionConfig).filter((each) => connectionConfig[each]?.secret);
  return [...new Set([...known, ...Object.keys(connector.config)])].filter((each) => connector.config[each] === MASK);
}

/** Fields of a connection, or of an environment's, that have a mask. */
export function masked(config: Record<string, unknown>): string[] {
  return Object.keys(config).filter((each) => config[each] === MASK);
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
