/** Links by which somebody without an account here connects one account to one connector. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { readAll } from "./lists";
import type { components } from "./schema";

/** `url` is in the answer that makes it, and nowhere else. */
export type ConnectLink = components["schemas"]["ConnectLink"];
export type ConnectLinkMade = Partial<components["schemas"]["LinkAsked"]> & { connector: string; endUser: string };

export const connectLinksQuery = (connector: string) =>
  queryOptions({ queryKey: ["connect-links", connector], queryFn: () => readAll<ConnectLink>("/api/connect-links", { connector }) });

export async function makeConnectLink(made: ConnectLinkMade): Promise<ConnectLink> {
  return (await send("POST", "/api/connect-links", made)) as ConnectLink;
}

export async function revokeConnectLink(id: string): Promise<void> {
  await send("DELETE", `/api/connect-links/${encodeURIComponent(id)}`);
}
