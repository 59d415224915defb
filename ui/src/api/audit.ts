/** The audit log: who did what, and who was refused. */

import { infiniteQueryOptions } from "@tanstack/react-query";
import { read, type Query } from "./lists";
import type { components } from "./schema";
import type { Listed } from "./types";

export type AuditEntry = components["schemas"]["AuditEntry"];
export type Verification = components["schemas"]["Verification"];

export const auditQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ["audit", query],
    queryFn: ({ pageParam }) => read<Listed<AuditEntry>>("/api/audit", { ...query, pageSize: 100, total: false, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor || undefined,
  });

/** Look at the whole log; with an anchor of an earlier time, also whether entries are gone since. */
export function verifyAudit(anchor: string): Promise<Verification> {
  return read<Verification>("/api/audit/verify", { anchor });
}
