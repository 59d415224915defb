/** Who is signed in. */

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { onSignedOut, send, setCsrfToken } from "~/api/client";
import { asProblem } from "~/api/problem";
import { queries } from "../queries";

export type Scope = "read" | "execute" | "manage";

export interface Session {
  user: string;
  id: string;
  admin: boolean;
  scopes: Scope[];
  csrfToken: string;
  expires: string | null;
  version: string;
  /** All is gone when the server stops. */
  keepsNothing: boolean;
}

async function load(): Promise<Session | null> {
  try {
    const session = (await send("GET", "/api/session")) as Session;
    setCsrfToken(session.csrfToken);
    return session;
  } catch (error) {
    if (asProblem(error).status === 401) return null;
    throw error;
  }
}

const session = queryOptions({ queryKey: ["session"], queryFn: load, staleTime: 60_000 });

onSignedOut(() => {
  queries.setQueryData(session.queryKey, null);
});

/** The session, or null for nobody. */
export function useSessionQuery() {
  return useQuery(session);
}

/** Sign in with the text of an API token. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (token: string) => (await send("POST", "/api/session", { token: token.trim() })) as Session,
    onSuccess: (made) => {
      setCsrfToken(made.csrfToken);
      client.setQueryData(session.queryKey, made);
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}

/** Sign out, and forget all that was shown: the page begins anew. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => send("DELETE", "/api/session"),
    onSuccess: () => window.location.assign("/ui/"),
  });
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in, on a page that nobody else sees. */
export function useSession(): Session {
  const found = useContext(SessionContext);
  if (found === null) throw new Error("there is no session");
  return found;
}

/** Why the person may not do something, or an empty text if they may. For the tooltip of a control that is off. */
export function useRefusal(scope: Scope, options: { admin?: boolean } = {}): string {
  const { user, scopes, admin } = useSession();
  if (!scopes.includes(scope)) return `The token of ${user} lacks the scope “${scope}”. An administrator can make one that has it.`;
  if (options.admin && !admin) return `This takes an administrator, which ${user} is not.`;
  return "";
}
