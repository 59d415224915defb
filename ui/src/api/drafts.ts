/** Drafts: what a person has begun, kept on the server for that person alone. */

import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { read, readAll } from "./lists";

export interface DraftHead {
  id: string;
  kind: string;
  name: string;
  revision: number;
  updated: string | null;
}

export interface KeptDraft extends DraftHead {
  body: Record<string, unknown>;
}

export interface DraftSaved {
  kind: string;
  name: string;
  body: Record<string, unknown>;
  /** JSON pointers. */
  secrets: readonly string[];
}

export function isKeptSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$secret" in value;
}

export const draftsQuery = () => queryOptions({ queryKey: ["drafts"], queryFn: () => readAll<DraftHead>("/api/drafts"), retry: false });

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ["drafts", id],
    queryFn: () => read<KeptDraft>(`/api/drafts/${encodeURIComponent(id)}`),
    enabled: id !== "",
    retry: false,
    gcTime: 0, // what was typed since is newer
    staleTime: Infinity,
  });

export async function makeDraft(draft: DraftSaved): Promise<DraftHead> {
  return (await send("POST", "/api/drafts", draft)) as DraftHead;
}

export async function changeDraft(id: string, draft: DraftSaved): Promise<DraftHead> {
  return (await send("PUT", `/api/drafts/${encodeURIComponent(id)}`, draft)) as DraftHead;
}

export async function deleteDraft(id: string): Promise<void> {
  await send("DELETE", `/api/drafts/${encodeURIComponent(id)}`);
}
