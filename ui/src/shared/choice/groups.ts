/** All tools by connector, as they are shown to choose from. */

import type { Tool } from "~/api/tools";
import { entryOf, isChosen, sameConnector, type Choice } from "./choice";

export interface Group {
  connector: string;
  tools: readonly Tool[];
  chosen: readonly Tool[];
  /** Empty where the choice does not name it. */
  state: "all" | "some" | "none";
  /** Also commands that it gets later. */
  later: boolean;
}

export function groupsOf(tools: readonly Tool[], choice: Choice): Group[] {
  const byName = new Map<string, Tool[]>();
  for (const each of tools) {
    const known = byName.get(each.connector);
    if (known) known.push(each);
    else byName.set(each.connector, [each]);
  }
  return [...byName].map(([connector, own]) => {
    const chosen = own.filter((each) => isChosen(choice, each));
    const entry = entryOf(choice, connector);
    return {
      connector,
      tools: own,
      chosen,
      state: chosen.length === 0 ? "none" : chosen.length === own.length ? "all" : "some",
      later: entry !== undefined && (entry.operations ?? []).length === 0,
    };
  });
}

/** Connectors that the choice names and that offer nothing now. */
export function missingOf(tools: readonly Tool[], choice: Choice): string[] {
  const known = new Set(tools.map((each) => each.connector));
  return (choice.connectors ?? []).map((each) => each.connector).filter((name) => ![...known].some((each) => sameConnector(each, name)));
}

/** The tools that a choice leaves, before what is settled for them is taken off. */
export function chosenTools(tools: readonly Tool[], choice: Choice): Tool[] {
  return tools.filter((each) => isChosen(choice, each) && (!choice.readsOnly || each.risk === "read"));
}
