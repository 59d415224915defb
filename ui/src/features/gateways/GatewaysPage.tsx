/** Endpoints for models, each with chosen tools and tokens of its own. */

import { Anchor, Text } from "@mantine/core";
import { IconPlus, IconRouteAltLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { gatewayPage, gatewaysQuery, type Gateway } from "~/api/gateways";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { NewGateway } from "~/shared/gateway/NewGateway";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { choiceWords } from "./words";

const SNIPPETS = [
  curl({ method: "GET", path: "/api/gateways" }),
  { ...curl({ method: "POST", path: "/api/gateways", body: { name: "help-desk", choice: { connectors: [{ connector: "default/demo", operations: ["list_books"] }] } } }), name: "curl (make one)" },
  { name: "Command line", text: "jackfield gateways list\njackfield gateways show help-desk" },
];

export default function GatewaysPage() {
  const query = useQuery(gatewaysQuery());
  const refusal = useRefusal("manage");
  const [search, change] = useUrlSearch();
  const navigate = useNavigate();
  const button = (
    <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ open: "new" })}>
      New gateway
    </RefusedButton>
  );
  return (
    <Page
      title="Gateways"
      about="Endpoints for models: chosen commands, settled params, tokens that open nothing else."
      actions={
        <>
          <CopyAs snippets={SNIPPETS} />
          {button}
        </>
      }
    >
      <Answered query={query} skeleton={<TableSkeleton />}>
        {(gateways) => (gateways.length > 0 ? <List gateways={gateways} /> : <Nothing />)}
      </Answered>
      {search.open === "new" && !refusal && (
        <NewGateway
          about="It has every command at first, and no token. You choose on its page."
          close={() => change({ open: "" })}
          made={(gateway) => void navigate({ to: gatewayPage(gateway.name) })}
        />
      )}
    </Page>
  );
}

function Nothing() {
  return (
    <EmptyFirst icon={IconRouteAltLeft} title="There is no gateway" action={<Anchor renderRoot={(props) => <Link to="/mcp" search={{ tab: "tools" } as never} {...props} />}>Choose tools first</Anchor>}>
      The endpoint /mcp has every command that a token allows. A gateway gives a model only what it needs: for example two commands of a help desk, with the queue locked.
    </EmptyFirst>
  );
}

function List({ gateways }: { gateways: readonly Gateway[] }) {
  return (
    <DataTable
      label="Gateways"
      rows={gateways}
      id={(row) => row.id}
      path={(row) => gatewayPage(row.name)}
      columns={[
        {
          name: "name",
          label: "Name",
          cell: (row) => (
            <div style={{ minWidth: 0 }}>
              <Anchor fw={600} size="sm" renderRoot={(props) => <Link to={gatewayPage(row.name)} {...props} />}>
                {row.title || row.name}
              </Anchor>
              <Text size="xs" c="dimmed">
                {row.endpoint}
              </Text>
            </div>
          ),
        },
        { name: "state", label: "State", width: 130, cell: (row) => <Status is={row.enabled ? "ok" : "disabled"} word={row.enabled ? "Enabled" : undefined} /> },
        {
          name: "tools",
          label: "Tools",
          cell: (row) => (
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {choiceWords(row)}
            </Text>
          ),
        },
        { name: "updated", label: "Changed", width: 150, cell: (row) => <Ago at={row.updated} /> },
      ]}
    />
  );
}
