/** Credentials of connectors. A value goes to the server, and never comes back. */

import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { send } from "./client";
import type { ConnectionTest } from "./connectorChanges";
import { readAll } from "./lists";
import type { components } from "./schema";

export type Credential = components["schemas"]["Credential"];
export type CredentialMode = Credential["mode"];
/** What is left out is as the server has it. */
export type NewCredential = Partial<components["schemas"]["CredentialMade"]> & { connector: string };
/** What is left out stays. */
export type CredentialChange = Partial<components["schemas"]["CredentialChange"]>;

const address = (id: string) => `/api/credentials/${encodeURIComponent(id)}`;

/** Of one connector, or of all. */
export const credentialsQuery = (connector = "") =>
  queryOptions({ queryKey: ["credentials", connector], queryFn: () => readAll<Credential>("/api/credentials", { connector }) });

export async function createCredential(made: NewCredential): Promise<Credential> {
  return (await send("POST", "/api/credentials", made)) as Credential;
}

/** Change what is said, and leave the rest; only if nobody else was quicker. */
export async function changeCredential(credential: Credential, change: CredentialChange): Promise<Credential> {
  return (await send("PUT", address(credential.id), change, { headers: { "If-Match": `"${credential.revision}"` } })) as Credential;
}

export async function deleteCredential(credential: Credential): Promise<void> {
  await send("DELETE", address(credential.id));
}

export async function testCredential(credential: Credential): Promise<ConnectionTest> {
  return (await send("POST", `${address(credential.id)}/test`, {})) as ConnectionTest;
}

/** Get a new access token now, whatever is left of the old one. */
export async function refreshCredential(credential: Credential): Promise<Credential> {
  return (await send("POST", `${address(credential.id)}/refresh`)) as Credential;
}

/** Give the tokens back at the service, and forget them. */
export async function revokeCredential(credential: Credential): Promise<Credential> {
  return (await send("POST", `${address(credential.id)}/revoke`)) as Credential;
}

/** Read anew what a credential can have changed: the credentials, and how their connectors do. */
export function credentialsChanged(client: QueryClient): Promise<unknown> {
  return Promise.all([client.invalidateQueries({ queryKey: ["credentials"] }), client.invalidateQueries({ queryKey: ["connectors"] })]);
}
