/** The body that makes the connector of a draft; of an OpenAPI document the server writes it. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { isKeptSecret } from "~/api/drafts";
import type { NewConnector } from "~/api/creating";
import { bodyOf, definitionBody } from "./body";
import type { Definition } from "./definition";
import type { Draft } from "./draft";
import { documentBodyQuery, parsedQuery } from "./openapi/parsing";

export interface Body {
  /** Undefined while the server writes it. */
  body: NewConnector | undefined;
  error: unknown;
  retry: () => void;
}

export function useBody(draft: Draft, definition: Definition, { wanted, draftId }: { wanted: boolean; draftId: string }): Body {
  const isDocument = draft.kind === "openapi";
  const parsed = useQuery({ ...parsedQuery(draft.openapi), enabled: isDocument && draft.openapi.asked !== "" });
  const document = useQuery({ ...documentBodyQuery(draft.openapi, parsed.data), enabled: wanted && isDocument && parsed.data !== undefined });
  const name = nameOf(draft, definition);
  const body = useMemo(() => {
    const defined = isDocument ? document.data : definitionBody(draft);
    if (defined === undefined) return undefined;
    // The server puts in the secrets that it has kept with the draft.
    const hasKept = Object.values(draft.config).some(isKeptSecret);
    return { ...bodyOf(draft, defined, name), ...(hasKept ? { draft: draftId } : {}) };
  }, [draft, document.data, isDocument, name, draftId]);
  return { body, error: isDocument ? document.error : null, retry: () => void document.refetch() };
}

/** As the person wrote it, or as it is suggested. */
export function nameOf(draft: Draft, definition: Definition): string {
  return draft.name || definition.data?.name || "";
}

/** The fields of the connection that are secrets. */
export function secretsOf(definition: Definition): string[] {
  return Object.entries(definition.data?.fields ?? {}).flatMap(([name, field]) => (field.secret ? [name] : []));
}
