/** Makes a token. Its text is shown by the dialog after this one, once. */

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { asProblem } from "~/api/problem";
import { createToken, type NewToken } from "~/api/tokens";
import { useSession } from "~/app/session/session";
import { NameInput } from "~/shared/form/NameInput";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { expiresIn, TokenFields, USUAL } from "~/shared/token/TokenFields";

export function TokenForm({ user, made, close }: { user: string; made: (token: NewToken) => void; close: () => void }) {
  const { user: me, scopes: own } = useSession();
  const [name, setName] = useState("");
  const [allowed, setAllowed] = useState({ ...USUAL, scopes: USUAL.scopes.filter((each) => own.includes(each as never)) });
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => createToken({ name: name.trim(), scopes: allowed.scopes, expiresIn: expiresIn(allowed), ...(user === me ? {} : { user }) }),
    onSuccess: (token) => {
      void client.invalidateQueries({ queryKey: ["tokens"] });
      made(token);
    },
  });
  const faults = faultsByName(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && allowed.scopes.length > 0) save.mutate();
  };
  return (
    <Modal opened onClose={close} title={user === me ? "New API token" : `New API token of ${user}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <NameInput description="What it is for, such as “laptop” or “nightly report”" value={name} onChange={setName} error={faults.name} />
          <TokenFields value={allowed} onChange={setAllowed} own={own} faults={faults} />
          {save.error && !isTold(save.error, ["name", "scopes", "expiresIn"]) && <Failed problem={asProblem(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim() || allowed.scopes.length === 0}>
              Make it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
