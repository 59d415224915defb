/** One gateway: its tools, how models are told of them, how clients reach it, and who may. */

import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { gatewayQuery, type Gateway } from "~/api/gateways";
import { asProblem } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { Connect } from "~/shared/mcp/Connect";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { Status } from "~/shared/status/Status";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { Actions } from "./Actions";
import { changesOf, draftOf } from "./draft";
import { CheckPart } from "./CheckPart";
import { General } from "./General";
import { SaveBar } from "./SaveBar";
import { snippetsOf } from "./snippets";
import { Tokens } from "./Tokens";
import { ToolsPart } from "./ToolsPart";

const UP = { label: "Gateways", path: "/gateways" };

export default function GatewayPage() {
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const query = useQuery(gatewayQuery(name));
  const problem = query.error && !query.data ? asProblem(query.error) : null;
  if (problem && problem.status !== 404) {
    return (
      <Page title={name} crumbs={[UP]}>
        <Failed problem={problem} retry={() => void query.refetch()} />
      </Page>
    );
  }
  return (
    <Answered query={query} missing={{ what: "gateway", up: "/gateways", upLabel: "All gateways" }}>
      {(gateway) => <Shown key={gateway.id} gateway={gateway} />}
    </Answered>
  );
}

function Shown({ gateway }: { gateway: Gateway }) {
  const [search, change] = useUrlSearch();
  const [draft, setDraft] = useState(() => draftOf(gateway));
  const [base, setBase] = useState(gateway);
  const refusal = useRefusal("manage");
  const changes = changesOf(draft, base);
  const dirty = Object.keys(changes).length > 0;
  if (base.revision !== gateway.revision && !dirty) {
    // Somebody else, or a button of this page, has changed it, and nothing typed here would be lost.
    setBase(gateway);
    setDraft(draftOf(gateway));
  }
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const start = (found: Gateway) => {
    setBase(found);
    setDraft(draftOf(found));
  };
  /** What was changed here, on top of what somebody else has saved meanwhile. */
  const rebase = (found: Gateway) => {
    setBase(found);
    setDraft({ ...draftOf(found), ...changes });
  };
  return (
    <Page
      title={gateway.title || gateway.name}
      about={gateway.description || `An endpoint for models at ${gateway.endpoint}`}
      crumbs={[UP]}
      actions={
        <>
          <Status is={gateway.enabled ? "ok" : "disabled"} word={gateway.enabled ? "Enabled" : undefined} />
          <CopyAs snippets={snippetsOf(gateway)} />
          <Actions gateway={gateway} refusal={refusal} />
        </>
      }
    >
      <UnsavedGuard dirty={dirty} within={`/gateways/${encodeURIComponent(gateway.name)}`} />
      <Tabs value={search.tab ?? "tools"} onChange={(tab) => change({ tab: tab === "tools" ? "" : (tab ?? ""), rule: "" })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="tools">Tools</Tabs.Tab>
          <Tabs.Tab value="general">For the model</Tabs.Tab>
          <Tabs.Tab value="connect">Connect</Tabs.Tab>
          <Tabs.Tab value="tokens">Tokens</Tabs.Tab>
          <Tabs.Tab value="check">Check</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="tools" pt="md">
          <ToolsPart draft={draft} set={set} refusal={refusal} />
        </Tabs.Panel>
        <Tabs.Panel value="general" pt="md">
          <General draft={draft} set={set} disabled={refusal !== ""} />
        </Tabs.Panel>
        <Tabs.Panel value="connect" pt="md">
          <Connect name={`jackfield-${gateway.name}`} path={gateway.endpoint} gateway={gateway.name} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens" pt="md">
          <Tokens gateway={gateway} refusal={refusal} />
        </Tabs.Panel>
        <Tabs.Panel value="check" pt="md">
          <CheckPart gateway={gateway} />
        </Tabs.Panel>
      </Tabs>
      {dirty && <SaveBar gateway={base} changes={changes} saved={start} discard={() => start(gateway)} rebase={rebase} />}
    </Page>
  );
}
