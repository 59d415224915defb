/** The same call for other programs, and the command as a tool of a language model. */

import { Accordion, Text } from "@mantine/core";
import { addressOf, type Command } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { Snippets } from "~/shared/copy/CopyAs";
import { curl, python, shell } from "~/shared/copy/snippets";
import type { Values } from "~/shared/form/SchemaForm";
import { askedOptions, type Options } from "./input";
import { toolForms, tokensOf } from "./tools";

export function Elsewhere({
  connector,
  name,
  command,
  params,
  options,
}: {
  connector: Connector;
  name: string;
  command: Command;
  params: Values;
  options: Options;
}) {
  const called = connector.namespace === "default" ? connector.name : `${connector.namespace}/${connector.name}`;
  const asked = askedOptions(options);
  const body = { command: name, params, ...(Object.keys(asked).length > 0 ? { options: asked } : {}) };
  const tools = toolForms(connector, name, command);
  return (
    <Accordion variant="contained" order={3} multiple>
      <Accordion.Item value="call">
        <Accordion.Control>This call in a program or a terminal</Accordion.Control>
        <Accordion.Panel>
          <Snippets snippets={[curl({ method: "POST", path: `${addressOf(connector)}/execute`, body }), python(called, name, params), shell(called, name, params)]} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="tool">
        <Accordion.Control>This command as a tool of a language model</Accordion.Control>
        <Accordion.Panel>
          <Text size="sm" mb="xs">
            About {tokensOf(tools[0]?.text ?? "")} tokens of a model's input (an estimate: a token for every four characters).
            {!command.tool && " Its author does not offer it as a tool."}
          </Text>
          <Snippets snippets={tools} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
