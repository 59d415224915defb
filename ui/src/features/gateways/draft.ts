/** A gateway as it stands in its form. */

import type { Gateway } from "~/api/gateways";
import { plain } from "~/shared/gateway/NewGateway";

export type Draft = Required<Pick<Gateway, "title" | "description" | "instructions" | "choice" | "mode" | "outputSchemas" | "characters">>;

export function draftOf(gateway: Gateway): Draft {
  const { title, description, instructions, choice, mode, outputSchemas, characters } = gateway;
  return { title, description, instructions, choice: { readsOnly: false, ...choice }, mode, outputSchemas, characters };
}

/** What is different from what the server has. */
export function changesOf(draft: Draft, gateway: Gateway): Partial<Draft> {
  const before = draftOf(gateway);
  const changed = (Object.keys(draft) as (keyof Draft)[]).filter((key) => written(draft[key]) !== written(before[key]));
  const said = { ...draft, choice: plain(draft.choice) };
  return Object.fromEntries(changed.map((key) => [key, said[key]])) as Partial<Draft>;
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (inner === null ? undefined : inner));
}
