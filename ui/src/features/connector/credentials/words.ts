/** Credentials in words. */

import type { Accepted } from "~/api/catalogue";
import { configSchemaOf, connectionSchema } from "~/api/connectors";
import type { Credential, CredentialMode } from "~/api/credentials";
import type { Connector } from "~/api/types";
import type { Schema } from "~/shared/form/schema";

export const MODES: Record<CredentialMode, string> = {
  values: "Typed in",
  token: "Pasted token",
  platform: "Account, by this server's app",
  own: "Account, by an app of your own",
};

/** How it does: a state that `Status` knows, and its word where another fits better. */
export function stateOf(credential: Credential): { is: string; word?: string } {
  const { status, code, mode } = credential;
  if (status === "connected") return { is: mode === "values" ? "ready" : "connected" };
  if (status === "needs_reauthorization" && code === "revoked") return { is: status, word: "Revoked" };
  if (status === "needs_reauthorization" && code === "not-connected") return { is: status, word: "Not connected yet" };
  return { is: status };
}

/** What to do about it; empty where nothing is to be done. */
export function advice(credential: Credential, accepted: Accepted | undefined): string {
  const signsIn = Boolean(accepted?.signIn || accepted?.device) && credential.mode !== "token";
  switch (credential.status) {
    case "connected":
      return "";
    case "expiring":
      return signsIn ? "Connect the account again before it ends: nobody can renew this token without you." : "Put a new token in before it ends.";
    case "needs_reauthorization":
      if (signsIn) return "Calls with it fail until the account is connected again. Its name and what uses it stay.";
      return credential.mode === "token" ? "Calls with it fail until a new token is pasted." : "Calls with it fail until its values are replaced.";
    case "error":
      return credential.mode === "values" ? "Replace its values, or test it again." : "Refresh it, or connect the account again.";
  }
}

/** Scopes that were asked for and are not there. */
export function missingScopes({ scopesAsked, scopesGranted }: Credential): string[] {
  return scopesGranted === null ? [] : scopesAsked.filter((each) => !scopesGranted.includes(each));
}

/** The account or the person that it is for. */
export function whose({ account, endUser }: Credential): string {
  return [account, endUser && `for ${endUser}`].filter(Boolean).join(", ");
}

/** The form of a credential's own values: what is secret or signs requests, and the rest of the connection. */
export function valueSchemas(connector: Connector, accepted: Accepted): { own: Schema; others: Schema } {
  const { connectionConfig } = configSchemaOf(connector);
  const fields = connectionSchema(connectionConfig).properties ?? {};
  const parts = Object.fromEntries(
    accepted.parts
      .filter((each) => !Object.hasOwn(fields, each.name))
      .map(({ name, label, secret }): [string, Schema] => [name, { type: "string", title: label, ...(secret ? { format: "password" } : {}) }]),
  );
  const secret = Object.fromEntries(Object.entries(fields).filter(([name]) => connectionConfig[name]?.secret));
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !connectionConfig[name]?.secret));
  return { own: { type: "object", properties: plain({ ...secret, ...parts }) }, others: { type: "object", properties: plain(others) } };
}

/** Fields that are shown whatever the connection says, and filled with nothing: what is left out is the connection's. */
function plain(fields: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(fields).map(([name, { displayOptions: _, default: __, ...each }]) => [name, each]));
}
