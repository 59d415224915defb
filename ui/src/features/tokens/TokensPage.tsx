/** API tokens of a user: what they allow, when they were used, and new ones. */

import { Select, Stack, Switch, Text } from "@mantine/core";
import { IconPlus, IconTicket } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { gatewayPage } from "~/api/gateways";
import { withQuery } from "~/api/lists";
import { usersQuery } from "~/api/people";
import { revokeToken, tokensQuery, type NewToken } from "~/api/tokens";
import type { Token } from "~/api/types";
import { useRefusal, useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { ShownOnce } from "~/shared/token/ShownOnce";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { stateOf, WORDS } from "./state";
import { TokenForm } from "./TokenForm";

export default function TokensPage() {
  const { user: me, admin } = useSession();
  const [search, change] = useUrlSearch();
  const user = (admin && search.user) || me;
  const query = useQuery(tokensQuery(user));
  const refusal = useRefusal("manage");
  const [made, setMade] = useState<NewToken | null>(null);
  const close = () => change({ open: "" });
  return (
    <Page
      title="API tokens"
      about="With a token, a program does what you may do, or less. Give each its own, so that one can be revoked alone."
      actions={
        <>
          <CopyAs
            snippets={[
              curl({ method: "GET", path: withQuery("/api/tokens", user === me ? {} : { user }) }),
              { ...curl({ method: "POST", path: "/api/tokens", body: { name: "laptop", scopes: ["read", "execute"], expiresIn: 7_776_000 } }), name: "curl (make one)" },
              { name: "Command line", text: `jackfield users tokens ${user}\njackfield users token ${user} --name laptop --scope read --scope execute --expires 90d` },
            ]}
          />
          <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ open: "new" })}>
            New token
          </RefusedButton>
        </>
      }
    >
      {admin && <WhoseField user={user} me={me} />}
      <Answered query={query} skeleton={<TableSkeleton />}>
        {(tokens) => <List tokens={tokens} refusal={refusal} />}
      </Answered>
      {search.open === "new" && !refusal && (
        <TokenForm
          user={user}
          close={close}
          made={(token) => {
            close();
            setMade(token);
          }}
        />
      )}
      <ShownOnce made={made && { text: made.text, name: made.token.name, user: made.token.user }} close={() => setMade(null)} />
    </Page>
  );
}

function WhoseField({ user, me }: { user: string; me: string }) {
  const [, change] = useUrlSearch();
  const { data: users = [] } = useQuery(usersQuery());
  const names = [...new Set([me, user, ...users.map((each) => each.name)])];
  return (
    <Select
      label="Whose"
      w={{ base: "100%", xs: 260 }}
      data={names.map((name) => ({ value: name, label: name === me ? `${name} (you)` : name }))}
      value={user}
      allowDeselect={false}
      searchable
      onChange={(value) => change({ user: value === me ? "" : (value ?? "") })}
    />
  );
}

function List({ tokens, refusal }: { tokens: readonly Token[]; refusal: string }) {
  const [search, change] = useUrlSearch();
  const client = useQueryClient();
  const [revoked, setRevoked] = useState<Token | null>(null);
  const [now] = useState(() => Date.now());
  const all = search.all === "yes";
  const over = (each: Token) => ["ended", "revoked"].includes(stateOf(each, now));
  const shown = [...tokens].reverse().filter((each) => all || !over(each));
  if (tokens.length === 0) {
    return (
      <EmptyFirst icon={IconTicket} title="There is no token" action={<RefusedButton refusal={refusal} onClick={() => change({ open: "new" })}>New token</RefusedButton>}>
        A program that calls this server needs one.
      </EmptyFirst>
    );
  }
  return (
    <Stack gap="sm">
      <Switch label="Also those that are over or revoked" checked={all} onChange={(event) => change({ all: event.currentTarget.checked ? "yes" : "" })} />
      {shown.length === 0 ? (
        <EmptyFiltered what="token" clear={() => change({ all: "yes" })} />
      ) : (
        <DataTable
          label="API tokens"
          rows={shown}
          id={(row) => row.id}
          columns={[
            { name: "name", label: "Name", cell: (row) => <Text size="sm" fw={600}>{row.name}</Text> },
            { name: "state", label: "State", cell: (row) => <State token={row} now={now} /> },
            { name: "scopes", label: "Allows", cell: (row) => <Allows token={row} /> },
            { name: "created", label: "Made", cell: (row) => <Ago at={row.created} /> },
            { name: "used", label: "Last used", cell: (row) => <Ago at={row.used} /> },
            { name: "expires", label: "Ends", cell: (row) => <Ago at={row.expires} /> },
            {
              name: "actions",
              label: "Actions",
              quiet: true,
              align: "right",
              cell: (row) =>
                over(row) ? null : (
                  <RefusedButton refusal={refusal} size="compact-sm" variant="default" onClick={() => setRevoked(row)}>
                    Revoke
                  </RefusedButton>
                ),
            },
          ]}
        />
      )}
      <ConfirmDialog
        opened={revoked !== null}
        close={() => setRevoked(null)}
        title={`Revoke the token “${revoked?.name}”?`}
        action="Revoke"
        run={async () => {
          if (revoked) await revokeToken(revoked.id);
          await client.invalidateQueries({ queryKey: ["tokens"] });
        }}
      >
        Programs that use it are refused from now on, and browsers that signed in with it are signed out. It cannot work again.
        {revoked?.used && (
          <>
            {" "}
            It was last used <Ago at={revoked.used} />.
          </>
        )}
      </ConfirmDialog>
    </Stack>
  );
}

function State({ token, now }: { token: Token; now: number }) {
  const { word, looks } = WORDS[stateOf(token, now)];
  return <Status is={looks} word={word} />;
}

/** A token of a gateway allows nothing anywhere else. */
function Allows({ token }: { token: Token }) {
  return (
    <div>
      {token.scopes.join(", ")}
      {token.gateway && (
        <Text size="xs">
          only at <Link to={gatewayPage(token.gateway)}>{token.gateway}</Link>
        </Text>
      )}
    </div>
  );
}
