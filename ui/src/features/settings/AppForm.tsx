/** Puts a platform app in, or changes one. Its secret goes to the server and is never shown again. */

import { PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { typesQuery } from "~/api/catalogue";
import { putApp, type OAuthApp } from "~/api/oauthApps";
import { asProblem } from "~/api/problem";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { told } from "~/shared/told/told";

const FIELDS = ["clientId", "clientSecret", "redirectUri", "tokenUrl"];

export function AppForm({ type: first, app, close }: { /** Empty to choose one. */ type: string; app: OAuthApp | null; close: () => void }) {
  const [type, setType] = useState(first);
  const [clientId, setClientId] = useState(app?.clientId ?? "");
  const [clientSecret, setClientSecret] = useState("");
  const [redirectUri, setRedirectUri] = useState(app?.redirectUri ?? "");
  const types = useQuery({ ...typesQuery(), enabled: first === "" });
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => putApp(type, { clientId: clientId.trim(), ...(clientSecret ? { clientSecret } : {}), ...(redirectUri.trim() ? { redirectUri: redirectUri.trim() } : {}) }),
    onSuccess: () => {
      told(`The app of ${type} is kept.`);
      void client.invalidateQueries({ queryKey: ["oauth"] });
      close();
    },
  });
  const faults = faultsByName(save.error);
  const dirty = clientSecret !== "" || clientId !== (app?.clientId ?? "") || redirectUri !== (app?.redirectUri ?? "");
  const ready = type !== "" && clientId.trim() !== "" && dirty;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <FormDialog title={first ? `Platform app of ${first}` : "New platform app"} dirty={dirty && !save.isPending && !save.isSuccess} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {first === "" && (
              <Select
                label="Connector type"
                description="Whose service the app is registered at"
                data={(types.data ?? []).map((each) => each.name)}
                value={type || null}
                onChange={(value) => setType(value ?? "")}
                searchable
                required
                limit={100}
              />
            )}
            <TextInput
              label="Client ID"
              description="As the service shows it for the app"
              value={clientId}
              onChange={(event) => setClientId(event.currentTarget.value)}
              error={faults.clientId}
              required
              autoComplete="off"
              spellCheck={false}
            />
            <PasswordInput
              label={app ? "New client secret" : "Client secret"}
              description={app ? "Empty: the one that is kept stays." : "Empty, where the service gives none"}
              value={clientSecret}
              onChange={(event) => setClientSecret(event.currentTarget.value)}
              error={faults.clientSecret}
              autoComplete="new-password"
            />
            <TextInput
              label="Redirect URI"
              description="Only if the app is registered with another one than this server’s own, which each connector’s page shows under “Credentials”"
              value={redirectUri}
              onChange={(event) => setRedirectUri(event.currentTarget.value)}
              error={faults.redirectUri}
              autoComplete="off"
              spellCheck={false}
            />
            {save.error && !isTold(save.error, FIELDS) && <Failed problem={asProblem(save.error)} />}
            <FormEnd label="Keep it" leave={leave} busy={save.isPending} ready={ready} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
