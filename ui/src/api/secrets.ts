/** Named secrets. A value goes to the server, and never comes back. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { readAll, withQuery } from "./lists";
import type { Secret } from "./types";

export type Visibility = Secret["visibility"];

export const secretsQuery = () => queryOptions({ queryKey: ["secrets"], queryFn: () => readAll<Secret>("/api/secrets") });

export interface SecretMade {
  name: string;
  value: string;
  visibility: Visibility;
  description?: string;
}

function address(name: string, visibility: Visibility): string {
  return withQuery(`/api/secrets/${encodeURIComponent(name)}`, { visibility });
}

export async function createSecret(made: SecretMade): Promise<Secret> {
  return (await send("POST", "/api/secrets", made)) as Secret;
}

/** Change a secret, or make it where there is none. What is left out stays. */
export async function changeSecret(name: string, visibility: Visibility, change: { value?: string; description?: string }): Promise<Secret> {
  return (await send("PUT", address(name, visibility), change)) as Secret;
}

export async function deleteSecret(name: string, visibility: Visibility): Promise<void> {
  await send("DELETE", address(name, visibility));
}
