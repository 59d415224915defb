/** How much of a model's attention the chosen commands take. */

import type { ParsedDocument, ParsedOperation } from "~/api/openapiImport";

/** Above this, models choose badly among tools. */
export const MANY_TOOLS = 40;

const LETTERS_A_TOKEN = 4;

/** About how many tokens a model reads for one command as a tool. */
export function tokensOf({ name, description, params }: ParsedOperation): number {
  return Math.ceil(JSON.stringify({ name, description, parameters: params }).length / LETTERS_A_TOKEN);
}

export function tokensByName(parsed: ParsedDocument): ReadonlyMap<string, number> {
  return new Map(parsed.commands.map((each) => [each.name, tokensOf(each)]));
}

export function short(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${(tokens / 1_000).toFixed(tokens < 10_000 ? 1 : 0)}k`;
}
