/** Whose secrets a connector may use, and how an administrator allows more. */

import { Paper, Stack, Text, Title } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { approveConnector, keepConnector } from "~/api/connectorChanges";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";

export function Approval({ connector }: { connector: Connector }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const refusal = useRefusal("manage", { admin: true });
  const id = `${connector.namespace}/${connector.name}`;
  return (
    <Paper withBorder p="md" component="section" aria-label="Approval">
      <Stack gap="xs" align="flex-start">
        <Title order={2} size="h4">
          {connector.approved ? "Approved" : "Not approved"}
        </Title>
        <Text size="sm">
          {connector.approved
            ? "It may use shared secrets, and those of whoever calls it: an administrator stands for where its requests go."
            : "It may use the secrets of its owner only. Calls that need shared secrets, or those of somebody else, are refused."}
        </Text>
        {!connector.approved && (
          <RefusedButton size="xs" refusal={refusal} leftSection={<IconShieldCheck size={14} aria-hidden />} onClick={() => setAsking(true)}>
            Approve
          </RefusedButton>
        )}
        <ConfirmDialog
          opened={asking}
          close={() => setAsking(false)}
          title={`Approve ${id}?`}
          action="Approve"
          run={async () => {
            keepConnector(client, await approveConnector(connector));
            told(`${id} is approved.`);
          }}
        >
          From then on its requests may carry shared secrets, and the private secrets of everybody who calls it. Look at its address, its headers and its
          script first: you stand for where they send them. It is withdrawn by itself when somebody who is no administrator changes the connection or
          the type.
        </ConfirmDialog>
      </Stack>
    </Paper>
  );
}
