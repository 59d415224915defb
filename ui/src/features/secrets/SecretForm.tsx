/** Makes a secret, or changes one: its value goes to the server and is never shown again. */

import { PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { asProblem } from "~/api/problem";
import { changeSecret, createSecret, type Visibility } from "~/api/secrets";
import type { Secret } from "~/api/types";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";

const FIELDS = ["name", "value", "description"];

export function SecretForm({ secret, close }: { /** The one to change; a new one without it. */ secret: Secret | null; close: () => void }) {
  const [name, setName] = useState(secret?.name ?? "");
  const [value, setValue] = useState("");
  const [description, setDescription] = useState(secret?.description ?? "");
  const [visibility, setVisibility] = useState<Visibility>(secret?.visibility ?? "shared");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      secret
        ? changeSecret(secret.name, secret.visibility, { ...(value ? { value } : {}), description })
        : createSecret({ name: name.trim(), value, visibility, ...(description ? { description } : {}) }),
    onSuccess: (saved) => {
      notifications.show({ message: secret ? `“${saved.name}” is changed.` : `“${saved.name}” is kept.` });
      void client.invalidateQueries({ queryKey: ["secrets"] });
      close();
    },
  });
  const faults = faultsByName(save.error);
  const dirty = value !== "" || description !== (secret?.description ?? "") || (!secret && name !== "");
  const ready = secret ? dirty : name.trim() !== "" && value !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <FormDialog title={secret ? `Secret “${secret.name}”` : "New secret"} dirty={dirty && !save.isPending && !save.isSuccess} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {!secret && (
              <>
                <TextInput
                  label="Name"
                  description="Letters, digits, “_”, “-” and “.”, such as ACME_KEY"
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                  error={faults.name}
                  required
                  maxLength={128}
                  autoComplete="off"
                  spellCheck={false}
                  data-autofocus
                />
                <SegmentedControl
                  aria-label="Who can use it"
                  value={visibility}
                  onChange={(chosen) => setVisibility(chosen as Visibility)}
                  data={[
                    { value: "shared", label: "Shared" },
                    { value: "private", label: "Private" },
                  ]}
                />
                <Text size="xs" c="dimmed">
                  {visibility === "shared" ? "Calls of everybody on this server use it." : "Only your own calls use it. It goes before a shared one of the same name."}
                </Text>
              </>
            )}
            <PasswordInput
              label={secret ? "New value" : "Value"}
              description={secret ? "The old one is gone once this is saved." : undefined}
              placeholder={secret ? "•••••• set; type to replace" : ""}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              error={faults.value}
              required={!secret}
              autoComplete="new-password"
              {...(secret ? { "data-autofocus": true } : {})}
            />
            <TextInput label="Description" value={description} onChange={(event) => setDescription(event.currentTarget.value)} error={faults.description} maxLength={1000} autoComplete="off" />
            {save.error && !isTold(save.error, FIELDS) && <Failed problem={asProblem(save.error)} />}
            <FormEnd label={secret ? "Save" : "Keep it"} leave={leave} busy={save.isPending} ready={ready} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
