/** The same call for other programs. */

import { Accordion } from "@mantine/core";
import { addressOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { Snippets } from "~/shared/copy/CopyAs";
import { curl, python, shell } from "~/shared/copy/snippets";
import type { Values } from "~/shared/form/SchemaForm";
import { askedOptions, type Options } from "./input";

export function Elsewhere({
  connector,
  name,
  params,
  options,
}: {
  connector: Connector;
  name: string;
  params: Values;
  options: Options;
}) {
  const called = connector.namespace === "default" ? connector.name : `${connector.namespace}/${connector.name}`;
  const asked = askedOptions(options);
  const body = { command: name, params, ...(Object.keys(asked).length > 0 ? { options: asked } : {}) };
  return (
    <Accordion variant="contained" order={3} multiple>
      <Accordion.Item value="call">
        <Accordion.Control>This call in a program or a terminal</Accordion.Control>
        <Accordion.Panel>
          <Snippets snippets={[curl({ method: "POST", path: `${addressOf(connector)}/execute`, body }), python(called, name, params, options), shell(called, name, params, options)]} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
