/** How connectors do, with the accounts that are connected to them. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { typesQuery } from "~/api/catalogue";
import { healthOf, type Health } from "~/api/connectors";
import { credentialsQuery, type Credential } from "~/api/credentials";
import type { Connector } from "~/api/types";
import { useSession } from "~/app/session/session";

export type HealthOf = (connector: Connector) => Health;

/** Says how a connector does. While the credentials are not known, or may not be seen, by what is known of it alone. */
export function useHealth(): HealthOf {
  const { keepsNothing } = useSession();
  const credentials = useQuery({ ...credentialsQuery(), retry: false, staleTime: 30_000, enabled: !keepsNothing });
  const types = useQuery({ ...typesQuery(), retry: false, staleTime: 60_000, enabled: !keepsNothing });
  return useMemo(() => {
    if (!credentials.data) return healthOf;
    const used = usedByDefault(credentials.data);
    const signIn = new Set((types.data ?? []).filter((each) => each.signsIn).map((each) => each.name));
    return (connector) => {
      const health = healthOf(connector);
      if (health === "disabled" || health === "needs-credentials") return health;
      const credential = used.get(connector.id);
      if (credential === undefined) return signIn.has(connector.type) ? "needs-credentials" : health;
      if (credential.status === "needs_reauthorization") return "needs_reauthorization";
      if (credential.status === "error") return "failing";
      return health === "untested" && credential.testResult?.success === true ? "ok" : health;
    };
  }, [credentials.data, types.data]);
}

/** By connector, the one that the person's calls use which name none: their own default before the shared one. */
function usedByDefault(credentials: readonly Credential[]): Map<string, Credential> {
  const found = new Map<string, Credential>();
  for (const each of credentials) {
    if (!each.isDefault || (each.visibility === "shared" && found.has(each.connectorId))) continue;
    found.set(each.connectorId, each);
  }
  return found;
}
