/** What can be done to a connector as a whole. */

import type { QueryClient } from "@tanstack/react-query";
import { send } from "./client";
import { addressOf, connectorQuery, connectorsQuery } from "./connectors";
import { rememberTest } from "./remembered";
import type { components } from "./schema";
import type { Connector } from "./types";

export type ConnectionTest = components["schemas"]["ConnectionTest"];

interface Named {
  namespace: string;
  name: string;
}

/** Change what is said and leave the rest; with a revision, only if nobody else was quicker. */
export async function changeConnector(connector: Named, changes: Record<string, unknown>, revision?: number): Promise<Connector> {
  const headers = revision === undefined ? undefined : { "If-Match": `"${revision}"` };
  return (await send("PUT", addressOf(connector), changes, { headers })) as Connector;
}

export async function createConnector(body: Record<string, unknown>): Promise<Connector> {
  return (await send("POST", "/api/connectors", body)) as Connector;
}

export async function switchConnector(connector: Named, on: boolean): Promise<Connector> {
  return (await send("POST", `${addressOf(connector)}/${on ? "enable" : "disable"}`)) as Connector;
}

export async function approveConnector(connector: Connector): Promise<Connector> {
  return (await send("POST", `${addressOf(connector)}/approve`, undefined, { headers: { "If-Match": `"${connector.revision}"` } })) as Connector;
}

export async function deleteConnector(connector: Named): Promise<void> {
  await send("DELETE", addressOf(connector));
}

/** Call the service once, to see whether the connection works. A service that refuses is an answer, too. */
export async function testConnector(connector: Named, signal?: AbortSignal): Promise<ConnectionTest> {
  return (await send("POST", `${addressOf(connector)}/test`, {}, { signal })) as ConnectionTest;
}

/** Show a connector as it is now, wherever it is shown. */
export function keepConnector(client: QueryClient, made: Connector): void {
  const { queryKey } = connectorQuery(made.namespace, made.name);
  client.setQueryData(queryKey, (before) => (before ? { ...before, ...made, configSchema: made.configSchema ?? before.configSchema } : made));
  void client.invalidateQueries({ queryKey: ["connectors"] });
}

/** Show how a test went, without asking for everything again. */
export function keepTest(client: QueryClient, connector: Named, test: ConnectionTest): void {
  const result = {
    success: test.success,
    latencyMs: Math.round(test.latencyMs),
    testedAt: test.tested,
    ...(test.code ? { code: test.code } : {}),
    ...(test.error ? { error: test.error } : {}),
  };
  rememberTest(connector, test.tested, result);
  const tested = <C extends Connector>(each: C): C =>
    each.namespace === connector.namespace && each.name === connector.name ? { ...each, tested: test.tested, testResult: result } : each;
  client.setQueryData(connectorsQuery().queryKey, (before) => before?.map(tested));
  client.setQueryData(connectorQuery(connector.namespace, connector.name).queryKey, (before) => before && tested(before));
}
