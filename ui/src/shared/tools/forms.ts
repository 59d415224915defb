/** A tool as the interfaces of language models take it. */

import type { Tool } from "~/api/tools";
import type { Snippet } from "~/shared/copy/CopyAs";

export function toolForms(tool: Tool): Snippet[] {
  const { name, description, inputSchema } = tool;
  const forms: [string, unknown][] = [
    ["OpenAI", { type: "function", function: { name, description, parameters: inputSchema } }],
    ["Anthropic", { name, description, input_schema: inputSchema }],
    [
      "MCP",
      {
        name,
        ...(tool.title ? { title: tool.title } : {}),
        description,
        inputSchema,
        annotations: { readOnlyHint: tool.risk === "read", destructiveHint: tool.risk === "destructive", idempotentHint: tool.idempotent, openWorldHint: true },
      },
    ],
  ];
  return forms.map(([label, form]) => ({ name: label, text: JSON.stringify(form, null, 2) }));
}

/** A tool's risk, as marks of commands say it. */
export function marksOf({ risk, description }: Tool): { readsOnly: boolean; destructive: boolean; deprecated: boolean } {
  return { readsOnly: risk === "read", destructive: risk === "destructive", deprecated: description.startsWith("Deprecated") };
}
