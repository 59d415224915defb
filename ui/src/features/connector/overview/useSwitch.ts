/** Enabling and disabling, with a way back. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keepConnector, switchConnector } from "~/api/connectorChanges";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { told } from "~/shared/told/told";

export function useSwitch(connector: Connector) {
  const client = useQueryClient();
  const turn = async (on: boolean) => {
    keepConnector(client, await switchConnector(connector, on));
  };
  const mutation = useMutation({
    mutationFn: turn,
    onSuccess: (_, on) => told(`${connector.name} is ${on ? "enabled" : "disabled"}.`, { undo: () => turn(!on) }),
    onError: (error) => told(asProblem(error).message, { failed: true }),
  });
  return { ...mutation, refusal: connector.stored ? "" : "This connector comes from a file or from the program. Change it there." };
}
