/** Showing a gateway as it is now, wherever it is shown. */

import type { QueryClient } from "@tanstack/react-query";
import { gatewayQuery, type Gateway } from "~/api/gateways";

export function keepGateway(client: QueryClient, gateway: Gateway): void {
  client.setQueryData(gatewayQuery(gateway.name).queryKey, gateway);
  void client.invalidateQueries({ queryKey: ["gateways"], exact: true });
  void client.invalidateQueries({ queryKey: ["tools", "all", gateway.name] });
}
