/** API tokens. The text of one is in the answer that makes it, and nowhere else. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { readAll } from "./lists";
import type { components } from "./schema";
import type { Token } from "./types";

export type NewToken = components["schemas"]["NewToken"];

export interface TokenMade {
  name: string;
  scopes: string[];
  /** Seconds; without it, for ever. */
  expiresIn?: number;
  user?: string;
}

export const tokensQuery = (user: string) => queryOptions({ queryKey: ["tokens", user], queryFn: () => readAll<Token>("/api/tokens", { user }) });

export async function createToken(made: TokenMade): Promise<NewToken> {
  return (await send("POST", "/api/tokens", made)) as NewToken;
}

export async function revokeToken(id: string): Promise<Token> {
  return (await send("DELETE", `/api/tokens/${encodeURIComponent(id)}`)) as Token;
}
