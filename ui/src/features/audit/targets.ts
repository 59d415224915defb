/** The page of what an entry is about, where it has one. */

import type { AuditEntry } from "~/api/audit";
import { pageOf as connectorPage } from "~/api/connectors";

export function pageOf(entry: AuditEntry): string | null {
  const [namespace, name] = entry.resourceId.split("/");
  if (entry.resource === "connector" && namespace && name) return connectorPage({ namespace, name });
  return null;
}
