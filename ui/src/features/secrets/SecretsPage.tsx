/** Named secrets: what there are, never what they are. */

import { ActionIcon, Badge, Code, CopyButton, Group, Menu, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDots, IconFileImport, IconKey, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { connectorsQuery } from "~/api/connectors";
import { deleteSecret, secretsQuery } from "~/api/secrets";
import type { Secret } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { ImportEnv } from "./ImportEnv";
import { SecretForm } from "./SecretForm";
import { usesBySecret } from "./uses";

const idOf = (secret: Secret) => `${secret.visibility}:${secret.name}`;
const reference = (name: string) => JSON.stringify({ secret: name });
const SNIPPETS = [
  curl({ method: "GET", path: "/api/secrets" }),
  { ...curl({ method: "PUT", path: "/api/secrets/ACME_KEY?visibility=shared", body: { value: "..." } }), name: "curl (set one)" },
  { name: "Command line", text: "jackfield secrets list\njackfield secrets set ACME_KEY" },
  { name: "YAML", text: "# In the config of a connector\nconfig:\n  apiKey:\n    secret: ACME_KEY" },
];

export default function SecretsPage() {
  const query = useQuery(secretsQuery());
  const refusal = useRefusal("manage");
  const [search, change] = useUrlSearch();
  const open = search.open ?? "";
  const close = () => change({ open: "" });
  const edited = query.data?.find((each) => idOf(each) === open);
  return (
    <Page
      title="Secrets"
      about={
        <>
          Keys and passwords that connectors use by name: <Code>{reference("ACME_KEY")}</Code> in place of a value. What is kept here is never shown again.
        </>
      }
      actions={
        <>
          <CopyAs snippets={SNIPPETS} />
          <RefusedButton refusal={refusal} size="xs" variant="default" leftSection={<IconFileImport size={14} aria-hidden />} onClick={() => change({ open: "import" })}>
            Import .env
          </RefusedButton>
          <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ open: "new" })}>
            New secret
          </RefusedButton>
        </>
      }
    >
      <Answered query={query} skeleton={<TableSkeleton />}>
        {(secrets) => <List secrets={secrets} refusal={refusal} />}
      </Answered>
      {open === "new" && !refusal && <SecretForm secret={null} close={close} />}
      {open === "import" && !refusal && <ImportEnv secrets={query.data ?? []} close={close} />}
      {edited && !refusal && <SecretForm key={open} secret={edited} close={close} />}
    </Page>
  );
}

function List({ secrets, refusal }: { secrets: readonly Secret[]; refusal: string }) {
  const [search, change] = useUrlSearch();
  const client = useQueryClient();
  const [deleted, setDeleted] = useState<Secret | null>(null);
  const { data: connectors = [] } = useQuery(connectorsQuery());
  const uses = usesBySecret(connectors);
  const own = new Set(secrets.filter((each) => each.visibility === "private").map((each) => each.name));
  const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const shown = secrets.filter(
    (each) => (!search.visibility || each.visibility === search.visibility) && words.every((word) => `${each.name} ${each.description}`.toLowerCase().includes(word)),
  );
  if (secrets.length === 0) {
    return (
      <EmptyFirst
        icon={IconKey}
        title="No secret is kept yet"
        action={
          <RefusedButton refusal={refusal} onClick={() => change({ open: "new" })}>
            New secret
          </RefusedButton>
        }
      >
        Keep a key once, and let connectors use it by name. When it changes, it changes here alone.
      </EmptyFirst>
    );
  }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <TextInput
          aria-label="Search secrets"
          placeholder="Search"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search.q ?? ""}
          onChange={(event) => change({ q: event.currentTarget.value })}
          data-search
        />
        <Select
          aria-label="Visibility"
          placeholder="Shared and private"
          clearable
          clearButtonProps={{ "aria-label": "Shared and private" }}
          data={[
            { value: "shared", label: "Shared" },
            { value: "private", label: "Private" },
          ]}
          value={search.visibility ?? null}
          onChange={(value) => change({ visibility: value ?? "" })}
        />
      </Group>
      {shown.length === 0 ? (
        <EmptyFiltered what="secret" clear={() => change({ q: "", visibility: "" })} />
      ) : (
        <DataTable
          label="Secrets"
          rows={shown}
          id={idOf}
          {...(refusal ? {} : { onOpen: (row: Secret) => change({ open: idOf(row) }) })}
          columns={[
            { name: "name", label: "Name", cell: (row) => <Name row={row} hidden={row.visibility === "shared" && own.has(row.name)} /> },
            { name: "visibility", label: "Visibility", cell: (row) => (row.visibility === "shared" ? "Shared" : "Private") },
            { name: "uses", label: "Used by", cell: (row) => (uses.get(row.name) ?? []).join(", ") || "–" },
            { name: "author", label: "Made by", cell: (row) => row.authorName },
            { name: "created", label: "Made", cell: (row) => <Ago at={row.created} /> },
            { name: "updated", label: "Changed", cell: (row) => <Ago at={row.updated} /> },
            { name: "actions", label: "Actions", quiet: true, align: "right", width: 60, cell: (row) => <Actions row={row} refusal={refusal} edit={() => change({ open: idOf(row) })} remove={() => setDeleted(row)} /> },
          ]}
        />
      )}
      <ConfirmDialog
        opened={deleted !== null}
        close={() => setDeleted(null)}
        title={`Delete the ${deleted?.visibility} secret “${deleted?.name}”?`}
        uses={deleted ? (uses.get(deleted.name) ?? []) : []}
        action="Delete"
        run={async () => {
          if (deleted) await deleteSecret(deleted.name, deleted.visibility);
          await client.invalidateQueries({ queryKey: ["secrets"] });
        }}
      >
        {deleted && <Consequence secret={deleted} both={secrets.filter((each) => each.name === deleted.name).length > 1} used={uses.has(deleted.name)} />}
      </ConfirmDialog>
    </Stack>
  );
}

function Name({ row, hidden }: { row: Secret; hidden: boolean }) {
  return (
    <div>
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {row.name}
        </Text>
        {hidden && (
          <Badge size="sm" variant="default" tt="none" title="Your calls use your private secret of the same name">
            Your private one goes before
          </Badge>
        )}
      </Group>
      {row.description && (
        <Text size="xs" c="dimmed">
          {row.description}
        </Text>
      )}
    </div>
  );
}

function Actions({ row, refusal, edit, remove }: { row: Secret; refusal: string; edit: () => void; remove: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for the ${row.visibility} secret ${row.name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <CopyButton value={reference(row.name)}>{({ copy, copied }) => <Menu.Item onClick={copy}>{copied ? "Copied" : "Copy the reference"}</Menu.Item>}</CopyButton>
        <Menu.Item disabled={Boolean(refusal)} onClick={edit}>
          Replace the value
        </Menu.Item>
        <Menu.Item disabled={Boolean(refusal)} onClick={remove}>
          Delete
        </Menu.Item>
        {refusal && <Menu.Label maw={260}>{refusal}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

function Consequence({ secret, both, used }: { secret: Secret; both: boolean; used: boolean }) {
  return (
    <>
      {used && "These connectors name it. "}
      {both
        ? secret.visibility === "private"
          ? "From then on your calls use the shared secret of this name."
          : "Your private secret of this name stays, and only your own calls have it."
        : "Calls that need it will fail until there is one of this name again."}{" "}
      Nobody can bring its value back.
    </>
  );
}
