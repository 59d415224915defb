/** Making connectors. */

import { queryOptions } from "@tanstack/react-query";
import { addressOf, type ConfigSchema } from "./connectors";
import { send } from "./client";
import { asProblem } from "./problem";
import type { Connector } from "./types";

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

/** Whether a connector of this name is there already. */
export const takenQuery = (namespace: string, name: string) =>
  queryOptions({
    queryKey: ["connectors", "taken", namespace, name],
    queryFn: async () => {
      try {
        await send("GET", addressOf({ namespace, name }));
        return true;
      } catch (error) {
        if (asProblem(error).status === 404) return false;
        throw error;
      }
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
