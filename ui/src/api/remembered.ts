/** How the last tests of connectors went that no server keeps it of: those of files and of the program. Lost with the page. */

import type { Connector } from "./types";

type Result = NonNullable<Connector["testResult"]>;

const results = new Map<string, { tested: string; testResult: Result }>();

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;

export function rememberTest(connector: { namespace: string; name: string }, tested: string, testResult: Result): void {
  results.set(keyOf(connector), { tested, testResult });
}

/** The connector with what is remembered of it, where the server says nothing. */
export function withRemembered(connector: Connector): Connector {
  const found = connector.stored || connector.tested ? undefined : results.get(keyOf(connector));
  return found ? { ...connector, ...found } : connector;
}
