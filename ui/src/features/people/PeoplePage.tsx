/** Users of this server, for administrators. */

import { Group, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { deleteUser, setDisabled, usersQuery, type NewUser, type User } from "~/api/people";
import { asProblem } from "~/api/problem";
import { useRefusal, useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { NeedsAdministrator } from "~/shared/state/NeedsAdministrator";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { ShownOnce } from "~/shared/token/ShownOnce";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { UserForm } from "./UserForm";

const SNIPPETS = [
  curl({ method: "GET", path: "/api/users" }),
  { ...curl({ method: "POST", path: "/api/users", body: { name: "ann", scopes: ["read", "execute"] } }), name: "curl (make one)" },
  { name: "Command line", text: "jackfield users list\njackfield users add ann --scope read --scope execute --expires 90d" },
];

export default function PeoplePage() {
  const { admin } = useSession();
  const query = useQuery({ ...usersQuery(), enabled: admin });
  const refusal = useRefusal("manage", { admin: true });
  const [search, change] = useUrlSearch();
  const [made, setMade] = useState<NewUser | null>(null);
  const close = () => change({ open: "" });
  return (
    <Page
      title="People"
      about="Who may use this server. Each has tokens of their own."
      actions={
        <>
          <CopyAs snippets={SNIPPETS} />
          <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ open: "new" })}>
            New user
          </RefusedButton>
        </>
      }
    >
      {admin ? (
        <Answered query={query} skeleton={<TableSkeleton />}>
          {(users) => <List users={users} refusal={refusal} />}
        </Answered>
      ) : (
        <NeedsAdministrator what="the other users" />
      )}
      {search.open === "new" && !refusal && (
        <UserForm
          close={close}
          made={(user) => {
            close();
            setMade(user);
          }}
        />
      )}
      <ShownOnce made={made && { text: made.token.text, name: made.token.token.name, user: made.user.name }} close={() => setMade(null)} />
    </Page>
  );
}

function List({ users, refusal }: { users: readonly User[]; refusal: string }) {
  const [search, change] = useUrlSearch();
  const { user: me } = useSession();
  const client = useQueryClient();
  const [deleted, setDeleted] = useState<User | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ["users"] });
  const turn = useMutation({
    mutationFn: (user: User) => setDisabled(user.name, user.disabled === null),
    onSuccess: (user) => {
      notifications.show({ message: user.disabled ? `${user.name} may do nothing from now on. “Enable” takes that back.` : `${user.name} may go on.` });
      void refresh();
    },
    onError: (error) => notifications.show({ color: "red", title: "It stays as it was", message: asProblem(error).message }),
  });
  const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const shown = users.filter((each) => words.every((word) => `${each.name} ${each.displayName} ${each.roles.join(" ")}`.toLowerCase().includes(word)));
  if (users.length === 0) {
    return (
      <EmptyFirst icon={IconUsers} title="There is nobody else yet" action={<RefusedButton refusal={refusal} onClick={() => change({ open: "new" })}>New user</RefusedButton>}>
        Make a user for each person and each program, so that the audit log can tell them apart.
      </EmptyFirst>
    );
  }
  return (
    <Stack gap="sm">
      <TextInput
        aria-label="Search people"
        placeholder="Search"
        w={{ base: "100%", xs: 260 }}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search.q ?? ""}
        onChange={(event) => change({ q: event.currentTarget.value })}
        data-search
      />
      {shown.length === 0 ? (
        <EmptyFiltered what="user" clear={() => change({ q: "" })} />
      ) : (
        <DataTable
          label="People"
          rows={shown}
          id={(row) => row.id}
          columns={[
            { name: "name", label: "Name", cell: (row) => <Name user={row} me={me} /> },
            { name: "state", label: "State", cell: (row) => <Status is={row.disabled ? "disabled" : "ok"} word={row.disabled ? "Disabled" : "Enabled"} /> },
            { name: "roles", label: "Role", cell: (row) => (row.roles.includes("admin") ? "Administrator" : row.roles.join(", ") || "User") },
            { name: "created", label: "Made", cell: (row) => <Ago at={row.created} /> },
            { name: "tokens", label: "Tokens", cell: (row) => <Link to="/tokens" search={{ user: row.name } as never}>Tokens of {row.name}</Link> },
            { name: "calls", label: "Calls", cell: (row) => <Link to="/executions" search={{ caller: row.id } as never}>Calls of {row.name}</Link> },
            {
              name: "actions",
              label: "Actions",
              quiet: true,
              align: "right",
              cell: (row) => {
                const why = refusal || (row.name === me ? "This is you." : "");
                return (
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    <RefusedButton refusal={why} size="compact-sm" variant="default" onClick={() => turn.mutate(row)}>
                      {row.disabled ? "Enable" : "Disable"}
                    </RefusedButton>
                    <RefusedButton refusal={why} size="compact-sm" variant="default" onClick={() => setDeleted(row)}>
                      Delete
                    </RefusedButton>
                  </Group>
                );
              },
            },
          ]}
        />
      )}
      <ConfirmDialog
        opened={deleted !== null}
        close={() => setDeleted(null)}
        title={`Delete ${deleted?.name}?`}
        uses={["All tokens of this user", "All private secrets of this user"]}
        action="Delete"
        typed={deleted?.name}
        run={async () => {
          if (deleted) await deleteUser(deleted.name);
          await refresh();
        }}
      >
        These are gone for ever with the user. What is shared stays. To keep them out for a while, disable them.
      </ConfirmDialog>
    </Stack>
  );
}

function Name({ user, me }: { user: User; me: string }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {user.name}
        {user.name === me && " (you)"}
      </Text>
      {user.displayName && (
        <Text size="xs" c="dimmed">
          {user.displayName}
        </Text>
      )}
    </div>
  );
}
