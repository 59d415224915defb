/** One call whole. */

import { Code, ScrollArea, Stack, Tabs, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { executionQuery } from "~/api/executions";
import { addressOf, pageOf } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import { withQuery } from "~/api/lists";
import type { Execution } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl, python, shell } from "~/shared/copy/snippets";
import { JsonView } from "~/shared/json/JsonView";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { NotFound } from "~/shared/state/NotFound";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlState } from "~/shared/url/useUrlState";
import { ContinueForm } from "./ContinueForm";
import { showLine } from "./copies";
import { ErrorPart } from "./ErrorPart";
import { Facts } from "./Facts";
import { connectorOf, isOpen, toldOf, type Told } from "./outcome";
import { TreePart } from "./TreePart";

const CRUMBS = [{ label: "Calls", path: "/executions" }];

export default function ExecutionPage() {
  const { id = "" } = useParams({ strict: false });
  const query = useQuery({ ...executionQuery(id), refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 2_000 : false) });
  if (query.data) return <Whole query={query} execution={query.data} />;
  if (query.error && asProblem(query.error).status === 404) return <NotFound what="call" up="/executions" upLabel="All calls" />;
  return (
    <Page title="Call" about={<Code>{id}</Code>} crumbs={CRUMBS}>
      <Answered query={query}>{() => null}</Answered>
    </Page>
  );
}

function Whole({ query, execution }: { query: UseQueryResult<Execution>; execution: Execution }) {
  const told = toldOf(execution);
  const refusal = useRefusal("execute");
  const connector = connectorOf(execution);
  const { id, command, params, environment } = execution;
  const options = environment ? { environment } : {};
  const snippets = [
    ...(connector
      ? [
          curl({ method: "POST", path: `${addressOf(connector)}/execute`, body: { command, params, ...(environment ? { options } : {}) } }),
          python(execution.connector, command, params, options),
          shell(execution.connector, command, params, options),
        ]
      : []),
    { ...curl({ method: "GET", path: `/api/executions/${id}` }), name: "curl (this record)" },
    showLine(id),
  ];
  return (
    <Page
      title={command}
      about={<Code>{id}</Code>}
      crumbs={CRUMBS}
      actions={
        <>
          {connector && (
            <RefusedButton
              size="xs"
              refusal={refusal}
              leftSection={<IconPlayerPlay size={14} aria-hidden />}
              link={withQuery(pageOf(connector), { tab: "commands", command, from: id })}
            >
              Run again in the playground
            </RefusedButton>
          )}
          <CopyAs snippets={snippets} />
        </>
      }
    >
      <Answered query={query}>
        {() => (
          <Stack gap="md">
            <Facts execution={execution} />
            {execution.status === "AWAITING_INPUT" && <ContinueForm id={id} />}
            <Parts execution={execution} told={told} />
          </Stack>
        )}
      </Answered>
    </Page>
  );
}

function Parts({ execution, told }: { execution: Execution; told: Told }) {
  const failed = told.error !== "" || execution.status === "FAILED";
  const [tab, setTab] = useUrlState("tab", failed ? "error" : "result");
  const metadata = Object.fromEntries(Object.entries(told.metadata).filter(([name]) => name !== "log"));
  const parts: [string, string, React.ReactNode][] = [
    ...(failed ? [["error", "Error", <ErrorPart told={told} />] as [string, string, React.ReactNode]] : []),
    ["result", "Result", <Result execution={execution} told={told} />],
    ["params", "Params", <JsonView label="Params" value={execution.params} />],
    ...(told.log.length > 0 ? [["logs", "Logs", <Log lines={told.log} />] as [string, string, React.ReactNode]] : []),
    ["tree", "Tree", <TreePart id={execution.id} parent={execution.parentId} />],
    ["facts", "Metadata", <JsonView label="Metadata" value={metadata} />],
    ["raw", "Whole record", <JsonView label="Whole record" value={execution} />],
  ];
  const shown = parts.some(([name]) => name === tab) ? tab : "result";
  return (
    <Tabs value={shown} onChange={(value) => setTab(value ?? "")} keepMounted={false}>
      <Tabs.List>
        {parts.map(([name, label]) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {parts.map(([name, , body]) => (
        <Tabs.Panel key={name} value={name} pt="sm">
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Result({ execution, told }: { execution: Execution; told: Told }) {
  if (isOpen(execution)) return <Text c="dimmed">It runs. The result will stand here.</Text>;
  return (
    <Stack gap="sm">
      {told.metadata.truncated === true && (
        <Text size="sm" c="dimmed">
          The result was too large to be kept whole.
        </Text>
      )}
      {told.hasPayload ? <JsonView label="Result" value={told.payload} maxHeight={560} /> : <Text c="dimmed">There is no result{told.error ? ": the call failed" : ""}.</Text>}
      {Object.keys(told.variables).length > 0 && (
        <div>
          <Text fw={600} size="sm">
            Variables
          </Text>
          <JsonView label="Variables" value={told.variables} />
        </div>
      )}
    </Stack>
  );
}

function Log({ lines }: { lines: Told["log"] }) {
  return (
    <ScrollArea.Autosize mah={480} viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Logs" }}>
      <Code block>{lines.map((each) => `${each.level.padEnd(7)} ${each.message}`).join("\n")}</Code>
    </ScrollArea.Autosize>
  );
}
