/** Switching a gateway on or off, and deleting it, with what uses it. */

import { Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { changeGateway, deleteGateway, gatewayTokensQuery, type Gateway } from "~/api/gateways";
import { asProblem } from "~/api/problem";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { keepGateway } from "./keeping";
import { usesOf } from "./words";

export function Actions({ gateway, refusal }: { gateway: Gateway; refusal: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"disable" | "delete" | null>(null);
  const tokens = useQuery({ ...gatewayTokensQuery(gateway.name), enabled: asked !== null });
  const uses = usesOf(tokens.data ?? []);
  const turn = async (enabled: boolean) => keepGateway(client, await changeGateway(gateway.name, { enabled }));
  const enable = useMutation({
    mutationFn: () => turn(true),
    onSuccess: () => told("The gateway is enabled."),
    onError: (error) => told(asProblem(error).message, { failed: true }),
  });
  return (
    <>
      <RefusedButton refusal={refusal} size="xs" variant="default" loading={enable.isPending} onClick={() => (gateway.enabled ? setAsked("disable") : enable.mutate())}>
        {gateway.enabled ? "Disable" : "Enable"}
      </RefusedButton>
      <RefusedButton refusal={refusal} size="xs" variant="default" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setAsked("delete")}>
        Delete
      </RefusedButton>
      <ConfirmDialog opened={asked === "disable"} close={() => setAsked(null)} title={`Disable ${gateway.name}?`} action="Disable" uses={uses} run={() => turn(false)}>
        Clients that are connected to {gateway.endpoint} are refused from their next request on, until it is enabled again.
        {uses.length > 0 && <Text size="sm">These tokens open it, and nothing else:</Text>}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "delete"}
        close={() => setAsked(null)}
        title={`Delete ${gateway.name}?`}
        action="Delete"
        uses={uses}
        typed={gateway.name}
        run={async () => {
          await deleteGateway(gateway.name);
          await navigate({ to: "/gateways", ignoreBlocker: true });
          client.removeQueries({ queryKey: ["gateways", "one", gateway.name] });
          await client.invalidateQueries({ queryKey: ["gateways"] });
          await client.invalidateQueries({ queryKey: ["tokens"] });
        }}
      >
        Its endpoint {gateway.endpoint} is gone, and its tokens are revoked. What was called through it stays in the record.
        {uses.length > 0 && <Text size="sm">These tokens open it, and nothing else:</Text>}
      </ConfirmDialog>
    </>
  );
}
