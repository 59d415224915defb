/** Saving a script, outside of the browser. */

import { addressOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import type { Snippet } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";

export function snippetsOf(connector: Connector, { revision: _, ...changes }: Record<string, unknown>): Snippet[] {
  const name = `${connector.namespace}/${connector.name}`;
  return [
    curl({ method: "PUT", path: addressOf(connector), body: changes }),
    {
      name: "Command line",
      text: [`# the script as ${connector.name}.js`, `jackfield connectors update ${name} ${connector.name}.js`].join("\n"),
    },
    { name: "Script", text: String(changes.scriptSource ?? "") },
  ];
}
