/** Making connectors. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import type { ConfigSchema } from "./connectors";
import { read } from "./lists";
import type { Connector, Listed } from "./types";

/** What `POST /api/connectors` takes. */
export type NewConnector = Record<string, unknown>;

export async function createConnector(body: NewConnector): Promise<Connector> {
  return (await send("POST", "/api/connectors", body)) as Connector;
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;
const RESERVED = ["test", "execute", "parse-oas", "parse-openapi", "import-openapi", "agents", "options", "try", "stream"];

export const NAME_RULE = "1 to 100 letters, digits, - and _, beginning with a letter.";

/** Why a connector cannot have this name, or an empty text. */
export function nameFault(name: string): string {
  if (name === "") return "";
  if (!NAME.test(name)) return NAME_RULE;
  return RESERVED.includes(name.toLowerCase()) ? `“${name}” is a word of the REST interface, and no name.` : "";
}

/** The form of a name in addresses, in which all its spellings are one. */
function slugOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** Whether a connector of this name is there already. Asked of the list: a browser writes a line for every 404. */
export const takenQuery = (namespace: string, name: string) =>
  queryOptions({
    queryKey: ["connectors", "taken", namespace, name],
    queryFn: async () => {
      const found = await read<Listed<Connector>>("/api/connectors", { namespace, where: `slug:eq:${slugOf(name)}`, pageSize: 1 });
      return found.items.length > 0;
    },
    enabled: name !== "" && nameFault(name) === "" && nameFault(namespace) === "",
    staleTime: 2_000,
  });

/** A connector as it would be: nothing is kept. */
export interface Checked extends Connector {
  configSchema: ConfigSchema & Record<string, unknown>;
}

export async function checkConnector(body: NewConnector, signal?: AbortSignal): Promise<Checked> {
  const { connector } = (await send("POST", "/api/connectors/try", { connector: body, dryRun: true }, { signal })) as { connector: Checked };
  return connector;
}
