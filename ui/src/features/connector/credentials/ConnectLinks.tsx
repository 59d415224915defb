/** Links by which somebody without an account here connects one: made, copied once, and taken back. */

import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle, IconLink } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { connectLinksQuery, makeConnectLink, revokeConnectLink, type ConnectLink } from "~/api/connectLinks";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { Copied } from "~/shared/copy/Copied";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";

const LIVES = [
  { value: "3600", label: "An hour" },
  { value: "86400", label: "A day" },
  { value: "259200", label: "Three days" },
  { value: "604800", label: "A week" },
  { value: "2592000", label: "30 days" },
];
const WORDS: Record<ConnectLink["state"], { is: string; word: string }> = {
  open: { is: "ok", word: "Can be used" },
  used: { is: "connected", word: "Used" },
  expired: { is: "disabled", word: "Over" },
  revoked: { is: "disabled", word: "Taken back" },
};

export function ConnectLinks({ connector, refusal }: { connector: Connector; refusal: string }) {
  const links = useQuery({ ...connectLinksQuery(`${connector.namespace}/${connector.name}`), retry: false });
  const [revoked, setRevoked] = useState<ConnectLink | null>(null);
  const client = useQueryClient();
  if (!links.data || links.data.length === 0) return null;
  return (
    <section aria-labelledby="connect-links">
      <Title order={2} size="h4" id="connect-links" mb="xs">
        Connect links
      </Title>
      <DataTable
        label="Links that were made"
        rows={links.data}
        id={(row) => row.id}
        columns={[
          { name: "endUser", label: "For", cell: (row) => <Text size="sm">{row.endUser || "–"}</Text> },
          { name: "state", label: "State", cell: (row) => <Status {...WORDS[row.state]} /> },
          { name: "created", label: "Made", cell: (row) => <Ago at={row.created} /> },
          { name: "expires", label: "Ends", cell: (row) => <Ago at={row.expires} /> },
          {
            name: "actions",
            label: "Actions",
            quiet: true,
            align: "right",
            cell: (row) =>
              row.state === "open" && (
                <RefusedButton refusal={refusal} size="compact-sm" variant="default" onClick={() => setRevoked(row)}>
                  Take back
                </RefusedButton>
              ),
          },
        ]}
      />
      <ConfirmDialog
        opened={revoked !== null}
        close={() => setRevoked(null)}
        title={`Take back the link for ${revoked?.endUser}?`}
        action="Take back"
        run={async () => {
          if (revoked) await revokeConnectLink(revoked.id);
          await client.invalidateQueries({ queryKey: ["connect-links"] });
        }}
      >
        Whoever opens it is told that it is over. Accounts that were connected stay.
      </ConfirmDialog>
    </section>
  );
}

export function LinkDialog({ connector, close }: { connector: Connector; close: () => void }) {
  const [endUser, setEndUser] = useState("");
  const [visibility, setVisibility] = useState("shared");
  const [life, setLife] = useState("259200");
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      makeConnectLink({
        connector: `${connector.namespace}/${connector.name}`,
        endUser: endUser.trim(),
        visibility: visibility === "private" ? "private" : "shared",
        expiresIn: Number(life),
      }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["connect-links"] }),
  });
  const faults = faultsByName(make.error);
  const ready = endUser.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) make.mutate();
  };
  if (make.data) {
    return (
      <Modal opened onClose={close} closeOnClickOutside={false} title={`Connect link for ${make.data.endUser}`} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
        <Stack gap="sm">
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
            It is shown this once. Whoever has it can connect one account to this connector, until <Ago at={make.data.expires} />. Send it to nobody else.
          </Alert>
          <Copied label="Connect link" text={make.data.url} />
          <Group justify="flex-end">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <FormDialog title="New connect link" dirty={endUser !== "" && !make.isPending} close={close}>
      {(leave) => (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              A page for somebody who has no account here: they see who asks and for what, and connect one account of theirs. It works once.
            </Text>
            <TextInput
              label="End user"
              description="Who gets the link. The credential will say so."
              value={endUser}
              onChange={(event) => setEndUser(event.currentTarget.value)}
              error={faults.endUser}
              required
              maxLength={120}
              autoComplete="off"
              data-autofocus
            />
            <Select
              label="Who can use the account"
              data={[
                { value: "shared", label: "Everybody who may call this connector" },
                { value: "private", label: "Only I" },
              ]}
              value={visibility}
              onChange={(value) => setVisibility(value ?? "shared")}
              allowDeselect={false}
            />
            <Select label="Ends after" data={LIVES} value={life} onChange={(value) => setLife(value ?? "259200")} error={faults.expiresIn} allowDeselect={false} />
            {make.error && !isTold(make.error, ["endUser", "expiresIn"]) && <Failed problem={asProblem(make.error)} />}
            <FormEnd label="Make the link" leave={leave} busy={make.isPending} ready={ready} icon={<IconLink size={16} aria-hidden />} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
