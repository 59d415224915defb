/** Connects an account: what it is to be called and with whose app, and then how the sign-in goes. */

import { Accordion, Alert, Button, Group, Modal, PasswordInput, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import type { Accepted } from "~/api/catalogue";
import { redirectUriQuery, type SignInWish } from "~/api/signIns";
import type { Connector } from "~/api/types";
import { Copied } from "~/shared/copy/Copied";
import { told } from "~/shared/told/told";
import { asked, CredentialFields, NOTHING_GIVEN } from "./CredentialFields";
import { SignInProgress } from "./SignInProgress";
import type { SignInControl } from "./useSignIn";

const CLOSE = { "aria-label": "Close" };

/** A new account. */
export function ConnectDialog({
  connector,
  accepted,
  control,
  another,
  device,
  close,
}: {
  connector: Connector;
  accepted: Accepted;
  control: SignInControl;
  /** There is one already: the service is to ask which account. */
  another: boolean;
  /** Go on on another device instead. */
  device: (wish: SignInWish) => void;
  close: () => void;
}) {
  const [given, setGiven] = useState(NOTHING_GIVEN);
  const [own, setOwn] = useState(false);
  const [app, setApp] = useState({ clientId: "", clientSecret: "" });
  const [scopes, setScopes] = useState<string[]>([]);
  const wish: SignInWish = {
    connector: `${connector.namespace}/${connector.name}`,
    ...asked(given),
    ...(own ? { mode: "own", clientId: app.clientId.trim(), ...(app.clientSecret ? { clientSecret: app.clientSecret } : {}) } : {}),
    ...(scopes.length > 0 ? { scopes } : {}),
  };
  const { state } = control.now;
  const under = state === "starting" || state === "waiting" || state === "leaving";
  const leave = useEnd(control, close);
  const ready = !own || app.clientId.trim() !== "";
  const start = () => control.begin(another ? { ...wish, switchAccount: true } : wish);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !under) start();
  };
  return (
    <Modal opened onClose={leave} title={`Connect an account to ${connector.displayName || connector.name}`} closeOnClickOutside={false} closeButtonProps={CLOSE}>
      <Stack gap="md">
        <SignInProgress control={control} service={connector.displayName || connector.name} again={start} />
        <form onSubmit={submit} hidden={under}>
          <Stack gap="sm">
            <CredentialFields value={given} onChange={setGiven} faults={{}} nameHint="Left empty, it is called as the service calls the account." />
            <Accordion variant="contained" order={3}>
              <Accordion.Item value="more">
                <Accordion.Control>App and scopes</Accordion.Control>
                <Accordion.Panel>
                  <Stack gap="sm">
                    <Switch
                      label="With an app of my own"
                      description="Instead of the app that this server has at the service. Its secret is kept with this credential alone."
                      checked={own}
                      onChange={(event) => setOwn(event.currentTarget.checked)}
                    />
                    {own && <OwnApp value={app} onChange={setApp} connector={wish.connector} />}
                    <TagsInput
                      label="More scopes"
                      description={accepted.scopes.length > 0 ? `Beside ${accepted.scopes.join(", ")}. Enter adds one.` : "Enter adds one."}
                      value={scopes}
                      onChange={setScopes}
                      splitChars={[" ", ","]}
                    />
                  </Stack>
                </Accordion.Panel>
              </Accordion.Item>
            </Accordion>
            <Group justify="flex-end">
              {accepted.device && (
                <Button variant="default" disabled={!ready} onClick={() => device(wish)}>
                  On another device
                </Button>
              )}
              {accepted.signIn && (
                <Button type="submit" disabled={!ready}>
                  Sign in
                </Button>
              )}
            </Group>
          </Stack>
        </form>
      </Stack>
    </Modal>
  );
}

/** An account that is there already: the sign-in has begun with the click that opened this. */
export function ConnectAgainDialog({ control, service, title }: { control: SignInControl; service: string; title: string }) {
  const leave = useEnd(control, () => {});
  return (
    <Modal opened onClose={leave} title={title} closeOnClickOutside={false} closeButtonProps={CLOSE}>
      <SignInProgress control={control} service={service} again={() => control.wish && control.begin(control.wish)} />
    </Modal>
  );
}

/** Tells of success once, and closes. Answers what a close button does. */
function useEnd(control: SignInControl, close: () => void): () => void {
  const connected = control.now.state === "connected";
  const leave = () => {
    control.giveUp();
    close();
  };
  useEffect(() => {
    if (!connected) return;
    told("The account is connected.");
    leave();
  }, [connected]);
  return leave;
}

function OwnApp({
  value,
  onChange,
  connector,
}: {
  value: { clientId: string; clientSecret: string };
  onChange: (value: { clientId: string; clientSecret: string }) => void;
  connector: string;
}) {
  return (
    <Stack gap="sm">
      <RedirectUri connector={connector} />
      <TextInput label="Client ID" value={value.clientId} onChange={(event) => onChange({ ...value, clientId: event.currentTarget.value })} required autoComplete="off" spellCheck={false} />
      <PasswordInput
        label="Client secret"
        description="Empty, where the service gives none"
        value={value.clientSecret}
        onChange={(event) => onChange({ ...value, clientSecret: event.currentTarget.value })}
        autoComplete="new-password"
      />
    </Stack>
  );
}

/** What an app has to be registered with at its service. */
export function RedirectUri({ connector }: { connector: string }) {
  const uri = useQuery(redirectUriQuery(connector));
  if (uri.error) return <Alert color="gray">The redirect URI is not known: {uri.error.message}.</Alert>;
  return (
    <div>
      <Text size="sm" fw={500}>
        Redirect URI
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        Register the app with it at the service, letter by letter.
      </Text>
      <Copied label="Redirect URI" text={uri.data ?? "…"} />
    </div>
  );
}
