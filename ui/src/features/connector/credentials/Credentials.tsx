/** The credentials of a connector: accounts and values that its calls are made with. */

import { Button, Group, Menu, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconKey, IconPlugConnected } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { typeQuery, type Accepted } from "~/api/catalogue";
import { credentialsChanged, credentialsQuery, deleteCredential, revokeCredential, type Credential } from "~/api/credentials";
import type { SignInWish } from "~/api/signIns";
import type { Connector } from "~/api/types";
import { useRefusal, useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { Answered } from "~/shared/state/Answered";
import { EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { AppNote } from "./AppNote";
import { ConnectAgainDialog, ConnectDialog } from "./ConnectDialog";
import { ConnectLinks, LinkDialog } from "./ConnectLinks";
import { CredentialCard, type Action } from "./CredentialCard";
import { DeviceDialog } from "./DeviceDialog";
import { RenameDialog } from "./RenameDialog";
import { snippetsOf } from "./snippets";
import { TokenDialog } from "./TokenDialog";
import { useActions } from "./useActions";
import { useSignIn } from "./useSignIn";
import { ValuesDialog } from "./ValuesDialog";

export default function Credentials({ connector }: { connector: Connector }) {
  const id = `${connector.namespace}/${connector.name}`;
  const query = useQuery(credentialsQuery(id));
  const type = useQuery({ ...typeQuery(connector.type), retry: false });
  const accepted = type.data?.credentials;
  const refusal = useRefusal("manage");
  const [search, change] = useUrlSearch();
  const open = refusal ? "" : (search.open ?? "");
  const close = () => change({ open: "" });
  const control = useSignIn();
  const [device, setDevice] = useState<SignInWish | null>(null);
  const signsIn = Boolean(accepted?.signIn || accepted?.device);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" maw={640}>
          Accounts and keys that calls are made with. A call can name one; without that, your own default goes before the default of the connector.
        </Text>
        <Group gap="xs">
          <CopyAs snippets={snippetsOf(id)} />
          <AddMenu accepted={accepted} refusal={refusal} add={(what) => change({ open: what })} />
        </Group>
      </Group>
      {signsIn && type.data && <AppNote connector={connector} type={type.data} />}
      <Answered query={query} skeleton={<TableSkeleton rows={3} />}>
        {(found) =>
          found.length === 0 ? (
            <None accepted={accepted} refusal={refusal} add={(what) => change({ open: what })} />
          ) : (
            <List
              connector={connector}
              credentials={found}
              accepted={accepted}
              connect={(credential, switching) => control.begin({ connector: id, credential: credential.id, ...(switching ? { switchAccount: true } : {}) })}
              device={(credential) => setDevice({ connector: id, credential: credential.id })}
            />
          )
        }
      </Answered>
      <ConnectLinks connector={connector} refusal={refusal} />
      {open === "connect" && accepted && (
        <ConnectDialog
          connector={connector}
          accepted={accepted}
          control={control}
          another={(query.data?.length ?? 0) > 0}
          close={close}
          device={(wish) => {
            close();
            setDevice(wish);
          }}
        />
      )}
      {open !== "connect" && control.now.state !== "idle" && (
        <ConnectAgainDialog control={control} service={connector.displayName || connector.name} title={control.wish?.switchAccount ? "Switch to another account" : "Connect the account again"} />
      )}
      {device && <DeviceDialog wish={device} close={() => setDevice(null)} />}
      {open === "values" && accepted && <ValuesDialog connector={connector} accepted={accepted} credential={null} close={close} />}
      {open === "token" && <TokenDialog connector={connector} credential={null} close={close} />}
      {open === "link" && <LinkDialog connector={connector} close={close} />}
    </Stack>
  );
}

type Way = "connect" | "values" | "token" | "link";

/** The ways to a credential of this type, the usual one first. */
function waysOf(accepted: Accepted | undefined): [Way, string][] {
  if (!accepted) return [["values", "Add a credential"]];
  const link: [Way, string] = ["link", "Send somebody a connect link"];
  if (!accepted.signIn && !accepted.device) return [["values", "Add a credential"], link];
  const token: [Way, string][] = accepted.paste ? [["token", "Paste a token"]] : [];
  return [["connect", "Connect an account"], ...token, link];
}

function AddMenu({ accepted, refusal, add }: { accepted: Accepted | undefined; refusal: string; add: (way: Way) => void }) {
  const [[way, label] = ["values", "Add a credential"] as const, ...others] = waysOf(accepted);
  return (
    <Group gap={4} wrap="nowrap">
      <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlugConnected size={14} aria-hidden />} onClick={() => add(way)}>
        {label}
      </RefusedButton>
      {others.length > 0 && !refusal && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" px={6} aria-label="Other ways">
              <IconChevronDown size={14} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map(([each, said]) => (
              <Menu.Item key={each} onClick={() => add(each)}>
                {said}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

function None({ accepted, refusal, add }: { accepted: Accepted | undefined; refusal: string; add: (way: Way) => void }) {
  const [[way, label] = ["values", "Add a credential"] as const] = waysOf(accepted);
  const signsIn = way === "connect";
  return (
    <EmptyFirst
      icon={signsIn ? IconPlugConnected : IconKey}
      title={signsIn ? "No account is connected yet" : "It has no credentials of its own"}
      action={
        <RefusedButton refusal={refusal} onClick={() => add(way)}>
          {label}
        </RefusedButton>
      }
    >
      {signsIn
        ? "Sign in at the service once, and calls are made as that account. Its token is renewed by itself, and nobody ever sees it."
        : "Calls use what stands in the configuration. Add a credential where there are several keys or accounts, or one that only you should use."}
    </EmptyFirst>
  );
}

function List({
  connector,
  credentials,
  accepted,
  connect,
  device,
}: {
  connector: Connector;
  credentials: readonly Credential[];
  accepted: Accepted | undefined;
  connect: (credential: Credential, switching: boolean) => void;
  device: (credential: Credential) => void;
}) {
  const { id: me, admin } = useSession();
  const mayManage = useRefusal("manage");
  const mayTest = useRefusal("execute") || (connector.enabled ? "" : "This connector is disabled.");
  const [open, setOpen] = useState<{ credential: Credential; action: Action } | null>(null);
  const close = () => setOpen(null);
  const actions = useActions();
  const client = useQueryClient();
  const act = (credential: Credential, action: Action) => {
    if (action === "default" || action === "test" || action === "refresh") actions.run(credential, action);
    else if (action === "connect" || action === "switch") accepted?.signIn ? connect(credential, action === "switch") : device(credential);
    else setOpen({ credential, action });
  };
  const shown = open?.credential;
  const order = (each: Credential) => (each.visibility === "private" ? 0 : 2) + (each.isDefault ? 0 : 1);
  return (
    <>
      <Stack component="ul" aria-label="Credentials" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
        {[...credentials]
          .sort((one, other) => order(one) - order(other) || one.name.localeCompare(other.name))
          .map((each) => (
            <CredentialCard
              key={each.id}
              credential={each}
              accepted={accepted}
              refusal={mayManage || (each.visibility === "private" || each.author === me || admin ? "" : `${each.authorName} has put it in. Only they, or an administrator, change it.`)}
              testRefusal={mayTest}
              busy={actions.busy?.id === each.id ? actions.busy.action : ""}
              test={actions.tests.get(each.id)}
              act={(action) => act(each, action)}
            />
          ))}
      </Stack>
      {shown && open.action === "values" && accepted && <ValuesDialog connector={connector} accepted={accepted} credential={shown} close={close} />}
      {shown && open.action === "token" && <TokenDialog connector={connector} credential={shown} close={close} />}
      {shown && open.action === "rename" && <RenameDialog credential={shown} close={close} />}
      <ConfirmDialog
        opened={open?.action === "revoke"}
        close={close}
        title={`Revoke “${shown?.name}” at the service?`}
        action="Revoke"
        run={async () => {
          if (shown) await revokeCredential(shown);
          await credentialsChanged(client);
          told("Its tokens are given back.");
        }}
      >
        The service is told to forget its tokens, where it offers that, and they are deleted here. Calls with it fail until the account is connected again; its name stays.
      </ConfirmDialog>
      <ConfirmDialog
        opened={open?.action === "delete"}
        close={close}
        title={`Delete “${shown?.name}”?`}
        action="Delete"
        run={async () => {
          if (shown) await deleteCredential(shown);
          await credentialsChanged(client);
        }}
      >
        {shown?.mode === "values" ? "Its values are gone for good." : "Its tokens are given back at the service, where that is offered, and gone for good."} Calls that name it are refused from then on.
        {shown?.isDefault && " It is the default: calls that name none use another one, or none."}
      </ConfirmDialog>
    </>
  );
}
