/** Connecting an account: a person signs in at a service, here or on another device. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { read } from "./lists";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What is left out is as the server has it. */
export type SignInWish = Partial<Schemas["SignInAsked"]> & { connector: string };
export type SignInStarted = Schemas["SignInStarted"];
export type DeviceStarted = Schemas["DeviceStarted"];
export type SignInStatus = Schemas["SignInStatus"];

export async function startSignIn(wish: SignInWish): Promise<SignInStarted> {
  return (await send("POST", "/api/oauth/sign-ins", wish)) as SignInStarted;
}

export async function signInStatus(id: string, signal?: AbortSignal): Promise<SignInStatus> {
  return (await send("GET", `/api/oauth/sign-ins/${encodeURIComponent(id)}`, undefined, { signal })) as SignInStatus;
}

export async function startDevice(wish: SignInWish): Promise<DeviceStarted> {
  return (await send("POST", "/api/oauth/devices", wish)) as DeviceStarted;
}

export async function pollDevice(id: string, signal?: AbortSignal): Promise<SignInStatus> {
  return (await send("POST", `/api/oauth/devices/${encodeURIComponent(id)}/poll`, undefined, { signal })) as SignInStatus;
}

/** What is to be registered at the service. */
export const redirectUriQuery = (connector: string) =>
  queryOptions({
    queryKey: ["oauth", "redirect-uri", connector],
    queryFn: async () => (await read<Schemas["RedirectUri"]>("/api/oauth/redirect-uri", { connector })).redirectUri,
    staleTime: 60_000,
    retry: false,
  });
