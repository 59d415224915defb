/** Users: everybody for administrators, for others themselves. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { readAll } from "./lists";
import type { components } from "./schema";

export type User = components["schemas"]["User"];
export type NewUser = components["schemas"]["NewUser"];
export type UserMade = Partial<components["schemas"]["UserMade"]> & { name: string };

export const usersQuery = () => queryOptions({ queryKey: ["users"], queryFn: () => readAll<User>("/api/users"), staleTime: 60_000 });

function address(name: string): string {
  return `/api/users/${encodeURIComponent(name)}`;
}

export async function createUser(made: UserMade): Promise<NewUser> {
  return (await send("POST", "/api/users", made)) as NewUser;
}

/** Let a user do nothing, or go on. */
export async function setDisabled(name: string, disabled: boolean): Promise<User> {
  return (await send("POST", `${address(name)}/${disabled ? "disable" : "enable"}`)) as User;
}

export async function deleteUser(name: string): Promise<void> {
  await send("DELETE", address(name));
}
