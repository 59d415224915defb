/** What tools take of a model's attention: every schema is read again at each turn. */

import type { Tool } from "~/api/tools";

/** Above so many, models choose worse, and a server in the mode “auto” offers a search instead. */
export const MANY = 40;

export function tokensOf(tools: readonly Tool[]): number {
  return tools.reduce((sum, each) => sum + (each.cost?.tokens ?? 0), 0);
}

export function tokenWords(tokens: number): string {
  return `about ${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}`;
}

export function toolWords(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "tool" : "tools"}`;
}
