/** All connectors: how they do, and what can be done with several at once. */

import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { typesQuery } from "~/api/catalogue";
import { connectorsQuery } from "~/api/connectors";
import { useHealth } from "~/shared/status/useHealth";
import type { Connector, ConnectorType } from "~/api/types";
import { isSingleKey } from "~/app/keys";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { BulkBar } from "./BulkBar";
import { ConnectorCards } from "./ConnectorCards";
import { ConnectorTable } from "./ConnectorTable";
import { Filters } from "./Filters";
import { chosen, FILTERS, rowsOf, wordsOf, type Row } from "./listing";
import { useBulk } from "./useBulk";
import { useListSearch } from "./useListSearch";

export default function ConnectorsPage() {
  const connectors = useQuery(connectorsQuery());
  const types = useQuery(typesQuery());
  const refusal = useRefusal("manage");
  return (
    <Page
      title="Connectors"
      about="Services that this server can call, and how they do."
      actions={
        <>
          <CopyAs snippets={SNIPPETS} />
          <RefusedButton refusal={refusal} leftSection={<IconPlus size={16} aria-hidden />} link="/connectors/new">
            New connector
          </RefusedButton>
        </>
      }
    >
      <Answered query={connectors} skeleton={<TableSkeleton />}>
        {(all) => (all.length === 0 ? <Nothing refusal={refusal} /> : <Listed connectors={all} types={types.data ?? []} />)}
      </Answered>
    </Page>
  );
}

const SNIPPETS = [
  curl({ method: "GET", path: "/api/connectors" }),
  {
    name: "Python",
    text: [
      "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
      "from jackfield import Jackfield",
      "",
      "with Jackfield() as jackfield:",
      "    for each in jackfield.manage.connectors.list():",
      "        print(each.full_name, each.enabled)",
    ].join("\n"),
  },
  { name: "Command line", text: "jackfield connectors list" },
];

function Nothing({ refusal }: { refusal: string }) {
  return (
    <EmptyFirst
      icon={IconPlugConnected}
      title="There are no connectors yet"
      action={
        <>
          <RefusedButton refusal={refusal} link="/connectors/new">
            New connector
          </RefusedButton>
          <Button variant="subtle" renderRoot={(props) => <Link to="/types" {...props} />}>
            See what there is to choose from
          </Button>
        </>
      }
    >
      A connector holds the address and the credentials of a service, and gives it commands that programs and people can run. One to begin with: the
      sample script, which needs no credentials.
    </EmptyFirst>
  );
}

function Listed({ connectors, types }: { connectors: readonly Connector[]; types: readonly ConnectorType[] }) {
  const [search, change] = useUrlSearch();
  const [text, setText, asked] = useListSearch(search, change);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const healthOf = useHealth();
  const rows = useMemo(() => rowsOf(connectors, types, healthOf), [connectors, types, healthOf]);
  const words = useMemo(() => wordsOf(asked), [asked]);
  const { health, kind, category, tag, namespace, sort } = search;
  const shown = useMemo(
    () => chosen(rows, asked, { health, kind, category, tag, namespace, sort }),
    [rows, asked, health, kind, category, tag, namespace, sort],
  );
  const { bulk, testing, start, stop, forget } = useBulk();
  const mayTest = useRefusal("execute");
  useTestKey(rows, (row) => mayTest === "" && start("test", [row]));
  const pick = useCallback((id: string, on: boolean) => {
    setPicked((before) => (on ? new Set(before).add(id) : new Set([...before].filter((each) => each !== id))));
  }, []);
  const clear = () => {
    setText("");
    change({ q: "", ...Object.fromEntries(FILTERS.map((filter) => [filter, ""])) });
  };
  const table = { rows: shown, words, picked, pick, testing };
  return (
    <>
      <Filters rows={rows} text={text} setText={setText} search={search} change={change} clear={clear} />
      <BulkBar
        shown={shown}
        picked={shown.filter((row) => picked.has(row.id))}
        pickAll={(on) => setPicked(new Set(on ? shown.map((row) => row.id) : []))}
        bulk={bulk}
        start={start}
        stop={stop}
        forget={forget}
      />
      {shown.length === 0 ? (
        <EmptyFiltered what="connector" clear={clear} />
      ) : search.view === "cards" ? (
        <ConnectorCards {...table} />
      ) : (
        <ConnectorTable {...table} />
      )}
    </>
  );
}

/** `t` tests the connector whose row has the focus. */
function useTestKey(rows: readonly Row[], test: (row: Row) => void): void {
  const latest = useRef({ rows, test });
  latest.current = { rows, test };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "t" || !isSingleKey(event)) return;
      const id = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-row]")?.dataset.id;
      const row = latest.current.rows.find((each) => each.id === id);
      if (row) latest.current.test(row);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
