/** A gateway in words. */

import type { Gateway, Mode } from "~/api/gateways";
import type { Token } from "~/api/types";

export const MODES: readonly { value: Mode; label: string; about: string }[] = [
  { value: "auto", label: "As many as there are says", about: "Up to 40 tools are listed. Of more, a model gets a search." },
  { value: "tools", label: "Each tool by itself", about: "Every schema is read at every turn." },
  { value: "search", label: "A search among them", about: "Four tools stand in for all, and a schema is read when it is needed." },
];

/** What a gateway has, in a line. */
export function choiceWords({ choice }: Gateway): string {
  const reads = choice.readsOnly ? ", those that change nothing" : "";
  if (!choice.connectors) return `Every command of every connector${reads}`;
  const names = choice.connectors.map((each) => `${each.connector} (${(each.operations ?? []).length || "all"})`);
  if (names.length === 0) return "Nothing";
  return `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}${reads}`;
}

/** Whether a token still opens what it is for. */
export function works(token: Token, now: number): boolean {
  return !token.revoked && (!token.expires || new Date(token.expires).getTime() > now);
}

/** What no longer works once a gateway is gone, in a line each. */
export function usesOf(tokens: readonly Token[]): string[] {
  const now = Date.now();
  return tokens
    .filter((each) => works(each, now))
    .map((each) => `“${each.name}” of ${each.user}, ${each.used ? `last used ${new Date(each.used).toLocaleString()}` : "never used"}`);
}
