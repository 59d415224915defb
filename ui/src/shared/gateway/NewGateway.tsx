/** Makes a gateway: an endpoint of its own with chosen tools. Everything else is set on its page. */

import { Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { createGateway, type Gateway } from "~/api/gateways";
import { asProblem } from "~/api/problem";
import type { Choice } from "~/shared/choice/choice";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";

export function NewGateway({
  choice,
  about,
  made,
  close,
}: {
  /** Its tools; all unless given. */
  choice?: Choice;
  /** What these are, in words. */
  about: string;
  made: (gateway: Gateway) => void;
  close: () => void;
}) {
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => createGateway({ name: name.trim(), ...(title.trim() ? { title: title.trim() } : {}), ...(choice ? { choice: plain(choice) } : {}) }),
    onSuccess: (gateway) => {
      void client.invalidateQueries({ queryKey: ["gateways"] });
      made(gateway);
    },
  });
  const faults = faultsByName(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) save.mutate();
  };
  return (
    <FormDialog title="New gateway" dirty={(name !== "" || title !== "") && !save.isPending && !save.isSuccess} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Text size="sm">{about}</Text>
            <TextInput
              label="Name"
              description={`As in its endpoint: ${window.location.origin}/mcp/${name.trim() || "help-desk"}`}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={faults.name}
              required
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
            <TextInput label="Title" description="For people" value={title} onChange={(event) => setTitle(event.currentTarget.value)} error={faults.title} maxLength={200} autoComplete="off" />
            {save.error && !isTold(save.error, ["name", "title"]) && <Failed problem={asProblem(save.error)} />}
            <FormEnd label="Make it" leave={leave} busy={save.isPending} ready={name.trim() !== ""} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

/** As the server takes it: where every connector is meant, none is named. */
export function plain({ connectors, readsOnly = false }: Choice): Choice {
  return connectors ? { connectors, readsOnly } : { readsOnly };
}
