/** One connector type: what it can do, what its connection asks for, and its versions. */

import { Stack, Tabs, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { typeQuery, type TypeDetails } from "~/api/catalogue";
import { connectorsQuery } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { kindWord } from "~/shared/model/words";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { Versions } from "~/shared/versions/Versions";
import { Capabilities } from "./Capabilities";
import { notInstalled } from "./listing";
import { TypeFacts } from "./TypeFacts";

export default function TypePage() {
  const { type = "" } = useParams({ strict: false }) as { type?: string };
  const found = useQuery(typeQuery(type));
  const problem = found.error && !found.data ? asProblem(found.error) : null;
  if (problem && problem.status !== 404) {
    return (
      <Page title={type} crumbs={[{ label: "Connector types", path: "/types" }]}>
        <Failed problem={problem} retry={() => void found.refetch()} />
      </Page>
    );
  }
  return (
    <Answered query={found} missing={{ what: "connector type", up: "/types", upLabel: "All connector types" }}>
      {(details) => <Shown type={details} />}
    </Answered>
  );
}

function Shown({ type }: { type: TypeDetails }) {
  const [search, change] = useUrlSearch();
  const refusal = useRefusal("manage") || notInstalled(type);
  const connectors = useQuery(connectorsQuery());
  const users = (connectors.data ?? []).filter((each) => each.type === type.name);
  const path = `/api/connector-types/${encodeURIComponent(type.name)}`;
  return (
    <Page
      title={type.displayName || type.name}
      about={`${kindWord(type.executionModel)} · version ${type.version}`}
      crumbs={[{ label: "Connector types", path: "/types" }]}
      icon={<ConnectorIcon name={type.name} svg={type.icon} size={40} />}
      actions={
        <>
          <CopyAs
            snippets={[
              curl({ method: "GET", path: `${path}/capabilities?full=true` }),
              { name: "Command line", text: `jackfield types show ${type.name}` },
              { name: "Definition", text: JSON.stringify(type.definition, null, 2) },
            ]}
          />
          <RefusedButton refusal={refusal} leftSection={<IconPlus size={16} aria-hidden />} link={`/connectors/new?kind=built_in&type=${encodeURIComponent(type.name)}`}>
            New connector of this type
          </RefusedButton>
        </>
      }
    >
      {type.description && (
        <Text style={{ whiteSpace: "pre-line" }} maw={760}>
          {type.description}
        </Text>
      )}
      <Tabs value={search.tab ?? "commands"} onChange={(tab) => change({ tab: tab === "commands" ? "" : (tab ?? ""), from: "", to: "", part: "" })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="commands">Commands</Tabs.Tab>
          <Tabs.Tab value="about">About and used by</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="commands" pt="md">
          <Capabilities type={type.name} />
        </Tabs.Panel>
        <Tabs.Panel value="about" pt="md">
          <TypeFacts type={type} connectors={users} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <Stack>
            <Versions type={type.name} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
