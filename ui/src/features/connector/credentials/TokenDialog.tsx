/** Takes a token that somebody has got at the service by hand: for a new credential, or in place of what one has. */

import { NumberInput, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { changeCredential, createCredential, credentialsChanged, type Credential } from "~/api/credentials";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { told } from "~/shared/told/told";
import { asked, CredentialFields, NOTHING_GIVEN } from "./CredentialFields";

export function TokenDialog({ connector, credential, close }: { connector: Connector; credential: Credential | null; close: () => void }) {
  const [given, setGiven] = useState(NOTHING_GIVEN);
  const [access, setAccess] = useState("");
  const [refresh, setRefresh] = useState("");
  const [minutes, setMinutes] = useState<number | "">("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const values = { accessToken: access.trim(), ...(refresh.trim() ? { refreshToken: refresh.trim() } : {}), ...(minutes === "" ? {} : { expiresIn: minutes * 60 }) };
      return credential
        ? changeCredential(credential, { values })
        : createCredential({ connector: `${connector.namespace}/${connector.name}`, mode: "token", values, ...asked(given) });
    },
    onSuccess: (saved) => {
      told(credential ? `“${saved.name}” has the new token.` : `“${saved.name}” is kept.`);
      void credentialsChanged(client);
      close();
    },
  });
  const faults = inValues(save.error);
  const ready = access.trim() !== "";
  const dirty = (access !== "" || refresh !== "" || given !== NOTHING_GIVEN) && !save.isPending && !save.isSuccess;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <FormDialog title={credential ? `New token for “${credential.name}”` : "Paste a token"} dirty={dirty} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              For services that show a token on a page of theirs. Where you can sign in, do that instead: then it is renewed before it ends.
            </Text>
            {!credential && <CredentialFields value={given} onChange={setGiven} faults={faultsByName(save.error)} nameHint="Such as “Test account”, to name it in calls" />}
            <PasswordInput label="Access token" value={access} onChange={(event) => setAccess(event.currentTarget.value)} error={faults.accessToken} required autoComplete="new-password" />
            <PasswordInput
              label="Refresh token"
              description="With it, and an app, the token is renewed by itself"
              value={refresh}
              onChange={(event) => setRefresh(event.currentTarget.value)}
              error={faults.refreshToken}
              autoComplete="new-password"
            />
            <NumberInput
              label="Lives for"
              description="Minutes; empty where you do not know"
              value={minutes}
              onChange={(value) => setMinutes(typeof value === "number" ? value : "")}
              error={faults.expiresIn}
              min={1}
              allowDecimal={false}
              clampBehavior="none"
            />
            {save.error && Object.keys(faults).length === 0 && !isTold(save.error, ["name", "endUser"]) && <Failed problem={asProblem(save.error)} />}
            <FormEnd label="Keep it" leave={leave} busy={save.isPending} ready={ready} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

function inValues(error: unknown): Record<string, string> {
  if (!error) return {};
  return Object.fromEntries(asProblem(error).errors.flatMap(({ pointer, message }) => (pointer.startsWith("/values/") ? [[pointer.slice(8), message]] : [])));
}
