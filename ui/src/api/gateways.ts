/** Gateways: chosen tools for models, at endpoints of their own. */

import { queryOptions } from "@tanstack/react-query";
import type { Choice } from "~/shared/choice/choice";
import { send } from "./client";
import { read, readAll } from "./lists";
import type { components } from "./schema";
import type { NewToken } from "./tokens";
import type { Token } from "./types";

type Shown = components["schemas"]["Gateway"];
export type Mode = Shown["mode"];
export type Gateway = Omit<Shown, "choice"> & { choice: Choice };

/** What can be changed of one. */
export type GatewayBody = Partial<Pick<Gateway, "name" | "title" | "description" | "instructions" | "choice" | "mode" | "outputSchemas" | "characters" | "enabled">>;

const address = (name: string) => `/api/gateways/${encodeURIComponent(name)}`;

/** The page of a gateway. */
export function gatewayPage(name: string): string {
  return `/gateways/${encodeURIComponent(name)}`;
}

export const gatewaysQuery = () => queryOptions({ queryKey: ["gateways"], queryFn: () => readAll<Gateway>("/api/gateways") });

export const gatewayQuery = (name: string) => queryOptions({ queryKey: ["gateways", "one", name], queryFn: () => read<Gateway>(address(name)) });

/** All tokens that open a gateway, whoever they are for. */
export const gatewayTokensQuery = (name: string) =>
  queryOptions({ queryKey: ["tokens", "of gateway", name], queryFn: () => readAll<Token>(`${address(name)}/tokens`) });

export async function createGateway(body: GatewayBody): Promise<Gateway> {
  return (await send("POST", "/api/gateways", body)) as Gateway;
}

/** Change what is said and leave the rest; with a revision, only if nobody else was quicker. */
export async function changeGateway(name: string, changes: GatewayBody, revision?: number): Promise<Gateway> {
  const headers = revision === undefined ? undefined : { "If-Match": `"${revision}"` };
  return (await send("PUT", address(name), changes, { headers })) as Gateway;
}

export async function deleteGateway(name: string): Promise<void> {
  await send("DELETE", address(name));
}

/** A token that counts at this gateway and nowhere else. `expiresIn` is in seconds; without it, for ever. */
export async function createGatewayToken(name: string, made: { name: string; scopes: string[]; expiresIn?: number }): Promise<NewToken> {
  return (await send("POST", `${address(name)}/tokens`, made)) as NewToken;
}
