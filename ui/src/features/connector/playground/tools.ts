/** A command as the tools of language models are written down. */

import type { Command } from "~/api/connectors";
import type { Connector } from "~/api/types";
import type { Snippet } from "~/shared/copy/CopyAs";

const CHARACTERS_A_TOKEN = 4;

export function toolForms(connector: Connector, name: string, command: Command): Snippet[] {
  const tool = toolName(connector, name);
  const description = [command.description, command.deprecated ? `Deprecated. ${command.deprecatedMessage ?? ""}` : ""].filter(Boolean).join("\n").trim();
  const schema = { properties: {}, ...command.params, type: "object" };
  const forms: [string, unknown][] = [
    ["OpenAI", { type: "function", function: { name: tool, description, parameters: schema } }],
    ["Anthropic", { name: tool, description, input_schema: schema }],
    [
      "MCP",
      {
        name: tool,
        ...(command.displayName ? { title: command.displayName } : {}),
        description,
        inputSchema: schema,
        annotations: { readOnlyHint: command.readsOnly, destructiveHint: command.destructive, idempotentHint: command.idempotent },
      },
    ],
  ];
  return forms.map(([label, form]) => ({ name: label, text: JSON.stringify(form, null, 2) }));
}

/** A name that all of them take: letters, digits, `-` and `_`, 64 at most. */
function toolName(connector: Connector, command: string): string {
  return `${connector.name}_${command}`.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}

export function tokensOf(text: string): number {
  return Math.ceil(JSON.stringify(JSON.parse(text || "null")).length / CHARACTERS_A_TOKEN);
}
