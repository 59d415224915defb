/** Saves a changed definition: a new version of the connector's type. */

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "~/api/client";
import { addressOf } from "~/api/connectors";
import { typeQuery } from "~/api/catalogue";
import type { Connector } from "~/api/types";

export function useSave(connector: Connector, onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (changes: Record<string, unknown>) => (await send("PUT", addressOf(connector), changes)) as Connector,
    onSuccess: async (saved) => {
      const { version } = await client.fetchQuery({ ...typeQuery(saved.type), staleTime: 0 });
      notifications.show({ message: `Saved as version ${version}.`, color: "green", closeButtonProps: { "aria-label": "Close" } });
      await Promise.all([client.invalidateQueries({ queryKey: ["connectors"] }), client.invalidateQueries({ queryKey: ["connector-types"] })]);
      onSaved();
    },
  });
}
