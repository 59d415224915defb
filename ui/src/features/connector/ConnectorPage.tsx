/** One connector, in tabs that stand in the address. */

import { Alert, Anchor, Group, Tabs } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";
import { typesQuery } from "~/api/catalogue";
import { addressOf, connectorQuery, pageOf } from "~/api/connectors";
import { useHealth } from "~/shared/status/useHealth";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { isSingleKey } from "~/app/keys";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { kindWord } from "~/shared/model/words";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { FormSkeleton } from "~/shared/state/Loading";
import { Status } from "~/shared/status/Status";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { TABS, type Tab } from "./tabs";
import { yamlOf } from "./yaml";

export default function ConnectorPage() {
  const { namespace = "", name = "" } = useParams({ strict: false }) as { namespace?: string; name?: string };
  const connector = useQuery(connectorQuery(namespace, name));
  const problem = connector.error && !connector.data ? asProblem(connector.error) : null;
  if (problem && problem.status !== 404) {
    return (
      <Page title={name} crumbs={[{ label: "Connectors", path: "/connectors" }]}>
        <Failed problem={problem} retry={() => void connector.refetch()} />
      </Page>
    );
  }
  return (
    <Answered query={connector} missing={{ what: "connector", up: "/connectors", upLabel: "All connectors" }}>
      {(found) => <Shown key={found.id} connector={found} />}
    </Answered>
  );
}

function Shown({ connector }: { connector: Connector }) {
  const [search] = useUrlSearch();
  const tabs = TABS.filter((each) => each.when?.(connector) ?? true);
  const shown = tabs.find((each) => each.name === search.tab) ?? (tabs[0] as Tab);
  const open = useOpenTab(connector);
  useNumberKeys(tabs, open);
  const id = `${connector.namespace}/${connector.name}`;
  const types = useQuery(typesQuery());
  const healthOf = useHealth();
  const type = types.data?.find((each) => each.name === connector.type);
  return (
    <Page
      title={connector.displayName || connector.name}
      icon={<ConnectorIcon name={id} svg={type?.icon} size={40} />}
      crumbs={[{ label: "Connectors", path: "/connectors" }]}
      about={
        <Group gap="xs">
          <span>
            {id} · {kindWord(connector.executionModel)} · {connector.type} {type?.version ?? connector.typeVersion}
          </span>
          <Status is={healthOf(connector)} />
        </Group>
      }
      actions={<CopyAs snippets={snippetsOf(connector)} />}
    >
      {connector.mocks.enabled === true && (
        <Alert color="violet" icon={<IconFlask aria-hidden />} title="This connector answers from mocks" role="status">
          Its service is not called.{" "}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to={pageOf(connector)} search={{ tab: "mocks" } as never} {...props} />}>
            Look at the mocks
          </Anchor>
        </Alert>
      )}
      <Tabs value={shown.name} onChange={(name) => name && open(name)} keepMounted={false}>
        <Tabs.List>
          {tabs.map((each, at) => (
            <Tabs.Tab key={each.name} value={each.name} aria-keyshortcuts={String(at + 1)}>
              {each.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Panel key={each.name} value={each.name} pt="md">
            <Suspense fallback={<FormSkeleton />}>
              <each.content connector={connector} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}

/** Each tab has its own address; what another tab had in it goes. */
function useOpenTab(connector: Connector): (name: string) => void {
  const navigate = useNavigate();
  return (name) => void navigate({ to: pageOf(connector), search: (name === "overview" ? {} : { tab: name }) as never, resetScroll: false });
}

/** `1` to `9` open the tabs. */
function useNumberKeys(tabs: readonly Tab[], open: (name: string) => void): void {
  const latest = useRef({ tabs, open });
  latest.current = { tabs, open };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!/^[1-9]$/.test(event.key) || !isSingleKey(event)) return;
      const tab = latest.current.tabs[Number(event.key) - 1];
      if (tab) latest.current.open(tab.name);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function snippetsOf(connector: Connector) {
  const id = `${connector.namespace}/${connector.name}`;
  return [
    curl({ method: "GET", path: addressOf(connector) }),
    {
      name: "Python",
      text: [
        "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
        "from jackfield import Jackfield",
        "",
        "with Jackfield() as jackfield:",
        `    print(jackfield.manage.connectors.get(${JSON.stringify(id)}))`,
      ].join("\n"),
    },
    { name: "Command line", text: `jackfield connectors show ${id}` },
    { name: "YAML", text: yamlOf(connector) },
  ];
}
