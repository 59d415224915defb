/** Makes a token for a client that speaks MCP: it sees tools, or calls them too, and changes nothing here. */

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { createGatewayToken } from "~/api/gateways";
import { asProblem } from "~/api/problem";
import { createToken, type NewToken } from "~/api/tokens";
import { useSession } from "~/app/session/session";
import { NameInput } from "~/shared/form/NameInput";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { expiresIn, TokenFields, USUAL } from "~/shared/token/TokenFields";

const OFFERED = ["read", "execute"];

export function TokenDialog({
  gateway,
  made,
  close,
}: {
  /** Where alone it counts; everywhere if empty. */
  gateway: string;
  made: (token: NewToken) => void;
  close: () => void;
}) {
  const { scopes: own } = useSession();
  const [name, setName] = useState(gateway ? `mcp ${gateway}` : "mcp");
  const [allowed, setAllowed] = useState({ ...USUAL, scopes: OFFERED.filter((each) => own.includes(each as never)) });
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const asked = { name: name.trim(), scopes: allowed.scopes, expiresIn: expiresIn(allowed) };
      return gateway ? createGatewayToken(gateway, asked) : createToken(asked);
    },
    onSuccess: (token) => {
      void client.invalidateQueries({ queryKey: ["tokens"] });
      made(token);
    },
  });
  const faults = faultsByName(save.error);
  const ready = name.trim() !== "" && allowed.scopes.includes("read");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <Modal opened onClose={close} title={gateway ? `Token for ${gateway}` : "Token for an MCP client"} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <NameInput description="Which client it is for" value={name} onChange={setName} error={faults.name} />
          <TokenFields
            value={allowed}
            onChange={setAllowed}
            own={own}
            offered={OFFERED}
            faults={{ ...faults, ...(allowed.scopes.includes("read") ? {} : { scopes: "Without “read” the endpoint refuses it." }) }}
          />
          {save.error && !isTold(save.error, ["name", "scopes", "expiresIn"]) && <Failed problem={asProblem(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!ready}>
              Make it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
