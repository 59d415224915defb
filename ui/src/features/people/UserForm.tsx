/** Makes a user with a first token. */

import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { createUser, type NewUser } from "~/api/people";
import { asProblem } from "~/api/problem";
import { useSession } from "~/app/session/session";
import { NameInput } from "~/shared/form/NameInput";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { expiresIn, TokenFields, USUAL } from "~/shared/token/TokenFields";

const FIELDS = ["name", "displayName", "scopes", "expiresIn"];

export function UserForm({ made, close }: { made: (user: NewUser) => void; close: () => void }) {
  const { scopes: own } = useSession();
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [admin, setAdmin] = useState(false);
  const [allowed, setAllowed] = useState({ ...USUAL, scopes: USUAL.scopes.filter((each) => own.includes(each as never)) });
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => createUser({ name: name.trim(), displayName: displayName.trim(), admin, scopes: allowed.scopes as never, expiresIn: expiresIn(allowed) }),
    onSuccess: (user) => {
      void client.invalidateQueries({ queryKey: ["users"] });
      made(user);
    },
  });
  const faults = faultsByName(save.error);
  const ready = name.trim() !== "" && allowed.scopes.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <Modal opened onClose={close} title="New user" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <NameInput description="Letters, digits, “-” and “_”, beginning with a letter" value={name} onChange={setName} error={faults.name} />
          <TextInput label="Name for people" value={displayName} onChange={(event) => setDisplayName(event.currentTarget.value)} error={faults.displayName} maxLength={200} autoComplete="off" />
          <Checkbox
            label="Administrator"
            description="Sees and changes what others own, and makes users."
            checked={admin}
            onChange={(event) => setAdmin(event.currentTarget.checked)}
          />
          <TokenFields value={allowed} onChange={setAllowed} own={own} faults={faults} />
          {save.error && !isTold(save.error, FIELDS) && <Failed problem={asProblem(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!ready}>
              Make the user
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
