/** Commands as tools for language models: how a client reaches them, which there are, and whether the endpoint works. */

import { Tabs } from "@mantine/core";
import { IconRobot } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toolsQuery, type Tools } from "~/api/tools";
import { useRefusal } from "~/app/session/session";
import type { Choice } from "~/shared/choice/choice";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { Connect } from "~/shared/mcp/Connect";
import { LiveCheck } from "~/shared/mcp/LiveCheck";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFirst } from "~/shared/state/Empty";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Problems } from "~/shared/tools/Problems";
import { useUrlState } from "~/shared/url/useUrlState";
import { LastCalls } from "./LastCalls";
import { ToolsPart } from "./ToolsPart";

const PATH = "/mcp";
const SNIPPETS = [
  curl({ method: "GET", path: "/api/tools" }),
  {
    name: "Python",
    text: [
      "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
      "from jackfield import Jackfield",
      "",
      "with Jackfield() as jackfield:",
      "    for each in jackfield.manage.tools.list():",
      "        print(each.name, each.cost.tokens)",
    ].join("\n"),
  },
  { name: "Command line", text: "jackfield tools list\njackfield mcp" },
];

export default function McpPage() {
  const tools = useQuery(toolsQuery());
  return (
    <Page title="MCP" about="Language models call commands of this server as tools, through the Model Context Protocol." actions={<CopyAs snippets={SNIPPETS} />}>
      <Answered query={tools}>{(found) => (found.tools.length === 0 ? <Nothing found={found} /> : <Parts found={found} />)}</Answered>
    </Page>
  );
}

function Nothing({ found }: { found: Tools }) {
  const refusal = useRefusal("manage");
  return (
    <>
      <Problems problems={found.problems} />
      <EmptyFirst icon={IconRobot} title="No command is offered to models yet" action={<RefusedButton refusal={refusal} link="/connectors/new">New connector</RefusedButton>}>
        Every command of a connector that is enabled is a tool, unless its author keeps it from models. A client that connects to {PATH} now finds nothing.
      </EmptyFirst>
    </>
  );
}

function Parts({ found }: { found: Tools }) {
  const [tab, setTab] = useUrlState("tab", "connect");
  const [choice, setChoice] = useState<Choice>({ connectors: null, readsOnly: false });
  return (
    <Tabs value={tab} onChange={(next) => next && setTab(next)} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="connect">Connect</Tabs.Tab>
        <Tabs.Tab value="tools">Tools ({found.tools.length.toLocaleString("en")})</Tabs.Tab>
        <Tabs.Tab value="check">Check</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="connect" pt="md">
        <Connect name="jackfield" path={PATH} />
        <LastCalls />
      </Tabs.Panel>
      <Tabs.Panel value="tools" pt="md">
        <ToolsPart found={found} choice={choice} setChoice={setChoice} />
      </Tabs.Panel>
      <Tabs.Panel value="check" pt="md">
        <LiveCheck path={PATH} tools={found.tools} />
      </Tabs.Panel>
    </Tabs>
  );
}
