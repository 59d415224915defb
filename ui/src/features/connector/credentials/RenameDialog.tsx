/** What a credential is called, and whose account it is. */

import { Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { changeCredential, credentialsChanged, type Credential } from "~/api/credentials";
import { asProblem } from "~/api/problem";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";

export function RenameDialog({ credential, close }: { credential: Credential; close: () => void }) {
  const [name, setName] = useState(credential.name);
  const [endUser, setEndUser] = useState(credential.endUser);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => changeCredential(credential, { name: name.trim(), endUser: endUser.trim() }),
    onSuccess: () => {
      void credentialsChanged(client);
      close();
    },
  });
  const faults = faultsByName(save.error);
  const dirty = name !== credential.name || endUser !== credential.endUser;
  const ready = dirty && name.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <FormDialog title={`Rename “${credential.name}”`} dirty={dirty && !save.isPending && !save.isSuccess} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label="Name"
              description="Programs that name it by its old name no longer find it. Its id stays."
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={faults.name}
              required
              maxLength={120}
              autoComplete="off"
              data-autofocus
            />
            <TextInput label="End user" value={endUser} onChange={(event) => setEndUser(event.currentTarget.value)} error={faults.endUser} maxLength={120} autoComplete="off" />
            {save.error && !isTold(save.error, ["name", "endUser"]) && <Failed problem={asProblem(save.error)} />}
            <FormEnd label="Save" leave={leave} busy={save.isPending} ready={ready} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
