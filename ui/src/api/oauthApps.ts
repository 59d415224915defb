/** Platform apps: as what this installation is registered at a service. For administrators. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { readAll } from "./lists";
import type { components } from "./schema";

export type OAuthApp = components["schemas"]["OAuthApp"];
/** What is left out stays. */
export type OAuthAppGiven = Partial<components["schemas"]["AppAsked"]> & { clientId: string };

export const oauthAppsQuery = () => queryOptions({ queryKey: ["oauth", "apps"], queryFn: () => readAll<OAuthApp>("/api/oauth/apps") });

const address = (type: string) => `/api/oauth/apps/${encodeURIComponent(type)}`;

export async function putApp(type: string, given: OAuthAppGiven): Promise<OAuthApp> {
  return (await send("PUT", address(type), given)) as OAuthApp;
}

export async function deleteApp(type: string): Promise<void> {
  await send("DELETE", address(type));
}
