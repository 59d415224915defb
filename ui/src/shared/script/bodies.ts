/** What the server is sent of a script: to try it, and to save it. */

import type { Command, ConfigSchema } from "~/api/connectors";
import type { NewConnector } from "~/api/creating";
import type { Limits } from "~/api/catalogue";
import type { Connector } from "~/api/types";
import type { Values } from "~/shared/form/SchemaForm";
import { commandsOf, paramsSchema, type CommandRow } from "./rows";

/** What `PUT` takes: the script, and the commands where they were changed. */
export function changesOf({
  source,
  rows,
  connector,
  schema,
}: {
  source: string;
  rows: readonly CommandRow[] | null;
  connector: Connector;
  schema: ConfigSchema;
}): Record<string, unknown> {
  return {
    scriptSource: source,
    ...(rows === null ? {} : { configSchema: { connectionConfig: declared(schema), commands: commandsOf(rows) } }),
    revision: connector.revision,
  };
}

/** The connector as it would be, for a trial. Stored secrets are not known here, and are left out. */
export function trialBody({
  connector,
  schema,
  changes,
  source,
  secrets,
  limits,
}: {
  connector: Connector;
  schema: ConfigSchema;
  changes: Record<string, unknown>;
  source: string;
  secrets: Values;
  limits?: Limits;
}): NewConnector {
  const hidden = new Set(storedSecrets(connector, schema));
  const config = Object.fromEntries(Object.entries(connector.config).filter(([name]) => !hidden.has(name)));
  return {
    scriptSource: source,
    configSchema: changes.configSchema ?? { connectionConfig: declared(schema), commands: describedAgain(schema.commands) },
    config: { ...config, ...secrets },
    ...(limits ? { limits } : {}),
    ...(Object.keys(connector.egress).length > 0 ? { egress: connector.egress } : {}),
    ...(connector.timeout === null ? {} : { timeout: connector.timeout }),
  };
}

/** Fields whose value only the server has: a reference to a named secret is no secret. */
export function storedSecrets(connector: Connector, schema: ConfigSchema): string[] {
  return Object.entries(schema.connectionConfig).flatMap(([name, field]) =>
    field.secret && typeof (connector.config as Record<string, unknown>)[name] === "string" ? [name] : [],
  );
}

function declared(schema: ConfigSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.connectionConfig).map(([name, { type, required, secret, default: otherwise, label, description }]) => [
      name,
      {
        type,
        ...(required ? { required } : {}),
        ...(secret ? { secret } : {}),
        ...(otherwise === undefined ? {} : { default: otherwise }),
        ...(label ? { label } : {}),
        ...(description ? { description } : {}),
      },
    ]),
  );
}

function describedAgain(commands: Record<string, Command>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, { description, params, outputs, readsOnly, destructive, idempotent }]) => [
      name,
      { description, params, outputs, readsOnly, destructive, idempotent },
    ]),
  );
}

/** The commands as they would be, for the form of the trial. */
export function commandsWith(rows: readonly CommandRow[], before: Record<string, Command>): Record<string, Command> {
  return Object.fromEntries(
    rows
      .filter((each) => each.name.trim() !== "")
      .map((each) => {
        let params;
        try {
          params = paramsSchema(each);
        } catch {
          params = {};
        }
        return [each.name.trim(), { ...BLANK, ...before[each.name], description: each.description, readsOnly: each.readsOnly, params }];
      }),
  );
}

const BLANK: Command = {
  displayName: "",
  slug: "",
  description: "",
  params: {},
  outputs: [],
  outputSchema: null,
  readsOnly: false,
  destructive: false,
  idempotent: false,
  deprecated: false,
  addedInVersion: null,
  tags: [],
  tool: true,
  scenarios: [],
};
