/** The tokens that open a gateway and nothing else. */

import { Stack, Switch, Text } from "@mantine/core";
import { IconPlus, IconTicket } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { gatewayTokensQuery, type Gateway } from "~/api/gateways";
import { revokeToken, type NewToken } from "~/api/tokens";
import type { Token } from "~/api/types";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { TokenDialog } from "~/shared/mcp/TokenDialog";
import { Answered } from "~/shared/state/Answered";
import { EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { ShownOnce } from "~/shared/token/ShownOnce";
import { works } from "./words";

export function Tokens({ gateway, refusal }: { gateway: Gateway; refusal: string }) {
  const query = useQuery(gatewayTokensQuery(gateway.name));
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoked, setRevoked] = useState<Token | null>(null);
  const button = (
    <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAsking(true)} style={{ alignSelf: "flex-start" }}>
      New token
    </RefusedButton>
  );
  return (
    <Stack gap="sm">
      <Text size="sm" maw={720}>
        A token that is made here opens {gateway.endpoint}, and nothing else of this server. Tokens of people open it, too, with what they allow.
      </Text>
      <Answered query={query} skeleton={<TableSkeleton rows={3} />}>
        {(tokens) =>
          tokens.length === 0 ? (
            <EmptyFirst icon={IconTicket} title="There is no token for this gateway" action={button}>
              A client that connects to it needs one.
            </EmptyFirst>
          ) : (
            <>
              {button}
              <List tokens={tokens} refusal={refusal} revoke={setRevoked} />
            </>
          )
        }
      </Answered>
      {asking && (
        <TokenDialog
          gateway={gateway.name}
          close={() => setAsking(false)}
          made={(token) => {
            setAsking(false);
            setMade(token);
          }}
        />
      )}
      <ShownOnce made={made && { text: made.text, name: made.token.name, user: made.token.user, tried: gateway.endpoint }} close={() => setMade(null)} />
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
        The client that uses it is refused from its next request on. It cannot work again.
      </ConfirmDialog>
    </Stack>
  );
}

function List({ tokens, refusal, revoke }: { tokens: readonly Token[]; refusal: string; revoke: (token: Token) => void }) {
  const [all, setAll] = useState(false);
  const [now] = useState(() => Date.now());
  const shown = [...tokens].reverse().filter((each) => all || works(each, now));
  return (
    <>
      <Switch label="Also those that are over or revoked" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      {shown.length === 0 && <Text size="sm">None works now.</Text>}
      {shown.length > 0 && (
        <DataTable
          label="Tokens of this gateway"
          rows={shown}
          id={(row) => row.id}
          columns={[
            { name: "name", label: "Name", cell: (row) => <Text size="sm" fw={600}>{row.name}</Text> },
            { name: "user", label: "Of", cell: (row) => row.user },
            { name: "state", label: "State", cell: (row) => <Status is={works(row, now) ? "ok" : "disabled"} word={works(row, now) ? "Works" : row.revoked ? "Revoked" : "Over"} /> },
            { name: "scopes", label: "Allows", cell: (row) => row.scopes.join(", ") },
            { name: "used", label: "Last used", cell: (row) => <Ago at={row.used} /> },
            { name: "expires", label: "Ends", cell: (row) => <Ago at={row.expires} /> },
            {
              name: "actions",
              label: "Actions",
              quiet: true,
              align: "right",
              cell: (row) =>
                works(row, now) ? (
                  <RefusedButton refusal={refusal} size="compact-sm" variant="default" onClick={() => revoke(row)}>
                    Revoke
                  </RefusedButton>
                ) : null,
            },
          ]}
        />
      )}
    </>
  );
}
