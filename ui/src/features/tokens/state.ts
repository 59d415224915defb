/** Whether a token still works, and what should be noticed of it. */

import type { Token } from "~/api/types";

export type TokenState = "works" | "ending" | "unused" | "ended" | "revoked";

const DAY_MS = 86_400_000;

export function stateOf(token: Token, now: number): TokenState {
  if (token.revoked) return "revoked";
  if (token.expires) {
    const left = new Date(token.expires).getTime() - now;
    if (left <= 0) return "ended";
    if (left < 7 * DAY_MS) return "ending";
  }
  const idle = now - new Date(token.used ?? token.created).getTime();
  return idle > 90 * DAY_MS ? "unused" : "works";
}

export const WORDS: Record<TokenState, { word: string; looks: string }> = {
  works: { word: "Works", looks: "ok" },
  ending: { word: "Ends soon", looks: "needs-credentials" },
  unused: { word: "Not used for 90 days", looks: "needs-credentials" },
  ended: { word: "Over", looks: "disabled" },
  revoked: { word: "Revoked", looks: "disabled" },
};
