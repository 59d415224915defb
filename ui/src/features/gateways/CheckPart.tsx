/** A check of a gateway's endpoint, with the tools that it has as it is saved. */

import { useQuery } from "@tanstack/react-query";
import type { Gateway } from "~/api/gateways";
import { toolsQuery } from "~/api/tools";
import { LiveCheck } from "~/shared/mcp/LiveCheck";
import { Answered } from "~/shared/state/Answered";
import { FormSkeleton } from "~/shared/state/Loading";

export function CheckPart({ gateway }: { gateway: Gateway }) {
  const query = useQuery(toolsQuery(gateway.name));
  return (
    <Answered query={query} skeleton={<FormSkeleton />}>
      {({ tools }) => <LiveCheck key={gateway.revision} path={gateway.endpoint} gateway={gateway.name} tools={tools} />}
    </Answered>
  );
}
