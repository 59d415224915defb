/** A second connector of the same type, with all that is set but the secrets. */

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { createConnector } from "~/api/connectorChanges";
import { pageOf } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { Failed } from "~/shared/state/Failed";
import { masked, secretNames } from "../yaml";

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

export function Duplicate({ connector, close }: { connector: Connector; close: () => void }) {
  const [name, setName] = useState(`${connector.name}-copy`);
  const client = useQueryClient();
  const navigate = useNavigate();
  const secrets = secretNames(connector);
  const make = useMutation({
    mutationFn: () => createConnector(copyOf(connector, name, secrets)),
    onSuccess: async (made) => {
      void client.invalidateQueries({ queryKey: ["connectors"] });
      close();
      await navigate({ to: pageOf(made), search: (secrets.length > 0 ? { tab: "configuration" } : {}) as never });
    },
  });
  const wrong = NAME.test(name) ? "" : "Letters, digits, - and _, beginning with a letter.";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) make.mutate();
  };
  return (
    <Modal opened onClose={close} title={`Duplicate ${connector.namespace}/${connector.name}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name of the new connector"
            description={`In the namespace ${connector.namespace}`}
            value={name}
            error={wrong}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
          />
          {secrets.length > 0 && <Text size="sm">Not copied, and to be filled in after: {secrets.join(", ")}.</Text>}
          {make.error && <Failed problem={asProblem(make.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={wrong !== ""}>
              Duplicate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function copyOf(connector: Connector, name: string, secrets: readonly string[]): Record<string, unknown> {
  const { namespace, type, description, tags, timeout, logLevel, egress, mocks, displayName, environments, environment } = connector;
  return {
    name,
    namespace,
    type,
    description,
    tags,
    config: Object.fromEntries(Object.entries(connector.config).filter(([field]) => !secrets.includes(field))),
    ...(Object.keys(environments).length > 0 ? { environments: withoutMasks(environments), environment } : {}),
    ...(displayName ? { displayName: `${displayName} (copy)` } : {}),
    ...(timeout === null ? {} : { timeout }),
    ...(logLevel ? { logLevel } : {}),
    ...(Object.keys(egress).length > 0 ? { egress } : {}),
    ...(Object.keys(mocks).length > 0 ? { mocks } : {}),
  };
}

function withoutMasks(environments: Connector["environments"]): Record<string, unknown> {
  const each = Object.entries(environments) as [string, { config: Record<string, unknown>; credential: string }][];
  return Object.fromEntries(
    each.map(([name, { config, credential }]) => {
      const stored = masked(config);
      return [name, { config: Object.fromEntries(Object.entries(config).filter(([field]) => !stored.includes(field))), credential }];
    }),
  );
}
