/** Switching a connector on and off, copying it, deleting it. */

import { Group, Paper, Title } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteConnector } from "~/api/connectorChanges";
import { connectorQuery } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { Duplicate } from "./Duplicate";
import { NOT_STORED } from "./StatusPanel";
import { useSwitch } from "./useSwitch";

export function Actions({ connector }: { connector: Connector }) {
  const [open, setOpen] = useState<"" | "delete" | "duplicate">("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useRefusal("manage");
  const refusal = mayManage || (connector.stored ? "" : NOT_STORED);
  const turn = useSwitch(connector);
  const id = `${connector.namespace}/${connector.name}`;
  const remove = async () => {
    await deleteConnector(connector);
    await navigate({ to: "/connectors" });
    client.removeQueries({ queryKey: connectorQuery(connector.namespace, connector.name).queryKey });
    void client.invalidateQueries({ queryKey: ["connectors"] });
    told(`${id} is deleted.`);
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Actions">
      <Title order={2} size="h4" mb="xs">
        Actions
      </Title>
      <Group gap="xs">
        <RefusedButton size="xs" variant="default" refusal={refusal} loading={turn.isPending} onClick={() => turn.mutate(!connector.enabled)}>
          {connector.enabled ? "Disable" : "Enable"}
        </RefusedButton>
        <RefusedButton size="xs" variant="default" refusal={mayManage} leftSection={<IconCopy size={14} aria-hidden />} onClick={() => setOpen("duplicate")}>
          Duplicate without secrets
        </RefusedButton>
        <RefusedButton size="xs" variant="default" refusal={refusal} leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setOpen("delete")}>
          Delete
        </RefusedButton>
      </Group>
      {open === "duplicate" && <Duplicate connector={connector} close={() => setOpen("")} />}
      <ConfirmDialog
        opened={open === "delete"}
        close={() => setOpen("")}
        title={`Delete ${id}?`}
        action="Delete"
        typed={connector.name}
        uses={[
          ...(Object.keys(connector.config).length > 0 ? [`Its ${Object.keys(connector.config).length} filled in fields, secrets among them, are gone for good`] : []),
          "Programs, scripts and agents that call it are refused from then on",
          "Its calls stay in the history, and name it",
        ]}
        run={remove}
      >
        This cannot be taken back. To stop its calls for a while, disable it instead.
      </ConfirmDialog>
    </Paper>
  );
}
