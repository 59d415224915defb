/** Asking the server what a document offers, and for the connector that becomes of it. */

import { queryOptions } from "@tanstack/react-query";
import type { NewConnector } from "~/api/creating";
import { parseOpenApi, type ParsedDocument } from "~/api/openapiImport";
import type { Draft } from "../draft";
import { renamed } from "./renaming";

type OpenApi = Draft["openapi"];

const KEPT_MS = 30 * 60_000;

function sourceOf({ text, url }: OpenApi): { spec: string } | { specUrl: string } {
  return text.trim() === "" ? { specUrl: url.trim() } : { spec: text };
}

export const parsedQuery = (openapi: OpenApi) =>
  queryOptions({
    queryKey: ["openapi", openapi.asked],
    queryFn: ({ signal }) => parseOpenApi({ ...sourceOf(openapi), draft: false }, signal),
    enabled: openapi.asked !== "",
    staleTime: Infinity,
    gcTime: KEPT_MS,
    retry: false,
  });

/** The names of the commands that are wanted; deletes are not, unless the person says so. */
export function selectedOf({ selected }: OpenApi, parsed: ParsedDocument): string[] {
  return selected ?? parsed.commands.filter((each) => !each.destructive).map((each) => each.name);
}

/** The connector, with the whole document in it. */
export const documentBodyQuery = (openapi: OpenApi, parsed: ParsedDocument | undefined) =>
  queryOptions({
    queryKey: ["openapi", openapi.asked, "body", openapi.selected, openapi.names, openapi.asScript],
    queryFn: async ({ signal }): Promise<NewConnector> => {
      const all = parsed as ParsedDocument;
      const select = selectedOf(openapi, all);
      const { draft } = await parseOpenApi(
        { ...sourceOf(openapi), ...(select.length === all.commands.length ? {} : { select }), exportScript: openapi.asScript },
        signal,
      );
      return openapi.asScript ? draft : renamed(draft, all, openapi.names);
    },
    enabled: parsed !== undefined,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    retry: false,
  });

/** The address in what was pasted: an address alone, or a line for curl. */
export function addressIn(text: string): string {
  const plain = text.trim();
  if (/^https?:\/\/\S+$/.test(plain)) return plain;
  return /^curl\s/.test(plain) ? (/https?:\/\/[^\s'"]+/.exec(plain)?.[0] ?? "") : "";
}
