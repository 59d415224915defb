/** What an operation may do at the service, in one word. */

export type Risk = "read" | "write" | "delete";

export function riskOf({ readsOnly, destructive }: { readsOnly: boolean; destructive: boolean }): Risk {
  return readsOnly ? "read" : destructive ? "delete" : "write";
}
