/** Connectors: what there are, and what can be done with one. */

import { queryOptions } from "@tanstack/react-query";
import type { Schema } from "~/shared/form/schema";
import { send } from "./client";
import { read, readAll } from "./lists";
import { withRemembered } from "./remembered";
import type { Connector } from "./types";

export interface ConfigField {
  type: string;
  required: boolean;
  schema: Schema;
  default?: unknown;
  label?: string;
  description?: string;
  secret?: boolean;
  placeholder?: string;
  helpText?: string;
  helpUrl?: string;
  displayOptions?: Schema["displayOptions"];
}

export interface Command {
  displayName: string;
  slug: string;
  description: string;
  params: Schema;
  outputs: string[];
  outputSchema: Schema | null;
  readsOnly: boolean;
  destructive: boolean;
  idempotent: boolean;
  deprecated: boolean;
  deprecatedMessage?: string;
  addedInVersion: string | null;
  tags: string[];
  tool: boolean;
  scenarios: string[];
}

export interface ConfigSchema {
  connectionConfig: Record<string, ConfigField>;
  commands: Record<string, Command>;
}

/** The path of a connector's own page. */
export function pageOf(connector: { namespace: string; name: string }): string {
  return `/connectors/${encodeURIComponent(connector.namespace)}/${encodeURIComponent(connector.name)}`;
}

/** The address of a connector in the REST interface. */
export function addressOf(connector: { namespace: string; name: string }): string {
  return `/api${pageOf(connector)}`;
}

export const connectorsQuery = () => queryOptions({
    queryKey: ["connectors"],
    queryFn: async () => (await readAll<Connector>("/api/connectors")).map(withRemembered),
  });

export const connectorQuery = (namespace: string, name: string) =>
  queryOptions({
    queryKey: ["connectors", namespace, name],
    queryFn: async () => withRemembered(await read<Connector>(addressOf({ namespace, name }))),
  });

export function configSchemaOf(connector: Connector): ConfigSchema {
  const found = (connector.configSchema ?? {}) as Partial<ConfigSchema>;
  return { connectionConfig: found.connectionConfig ?? {}, commands: found.commands ?? {} };
}

/** The fields of a connection as the schema of an object, for a form. */
export function connectionSchema(fields: Record<string, ConfigField>): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        {
          ...field.schema,
          ...(field.label ? { title: field.label } : {}),
          ...(field.description ? { description: field.description } : {}),
          ...(field.default === undefined ? {} : { default: field.default }),
          ...(field.type === "textarea" || field.type === "url" ? { format: field.type } : {}),
          ...(field.secret ? { format: "password" } : {}),
          placeholder: field.placeholder,
          helpText: field.helpText,
          helpUrl: field.helpUrl,
          displayOptions: field.displayOptions,
        },
      ]),
    ),
    required: Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : [])),
  };
}

export type Health = "ok" | "failing" | "untested" | "disabled" | "needs-credentials" | "needs_reauthorization" | "mock";

/** How a connector does, as far as is known, in one word. */
export function healthOf(connector: Connector): Health {
  if (!connector.enabled) return "disabled";
  if (!connector.configured) return "needs-credentials";
  if (connector.testResult) return connector.testResult.success === true ? "ok" : "failing";
  return "untested";
}

export interface ExecuteOptions {
  /** One of the connector's environments, instead of its default. */
  environment?: string;
  timeout?: number;
  useMock?: boolean;
  scenario?: string;
  /** Answer with the request that would be sent, and send nothing. */
  plan?: boolean;
  /** Answer with the lines that are logged. */
  debug?: boolean;
  /** Id or name of the credential to call with. */
  credentialId?: string;
}

/** Run a command. What ran and failed is an answer, too; what could not start is thrown. */
export async function execute(
  connector: { namespace: string; name: string },
  command: string,
  params: unknown,
  options: ExecuteOptions = {},
  signal?: AbortSignal,
): Promise<Answer> {
  return (await send("POST", `${addressOf(connector)}/execute`, { command, params, options }, { signal })) as Answer;
}

/** An outcome, as every surface answers it. */
export interface Answer {
  success: boolean;
  payload?: unknown;
  error?: string;
  code?: string;
  diagnostics?: Record<string, unknown>;
  variables?: Record<string, unknown>;
  metadata: Record<string, unknown>;
}
