/** The name, the description and the schema of a tool, as each interface of models takes them. */

import { Code, Group, Stack, Text } from "@mantine/core";
import type { Tool } from "~/api/tools";
import { CommandMarks } from "~/shared/command/CommandMarks";
import { Snippets } from "~/shared/copy/CopyAs";
import { tokenWords } from "./cost";
import { marksOf, toolForms } from "./forms";

export function ToolShown({ tool }: { tool: Tool }) {
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Code fz="sm" style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
          {tool.name}
        </Code>
        <CommandMarks command={marksOf(tool)} />
      </Group>
      <Text size="sm" style={{ whiteSpace: "pre-line" }}>
        {tool.description || <i>It has no description, so the model has only its name to go by.</i>}
      </Text>
      <Text size="xs" c="dimmed">
        It takes {tokenWords(tool.cost.tokens)} of the model's input at every turn: an estimate, from {tool.cost.bytes.toLocaleString("en")} bytes.
      </Text>
      <Snippets snippets={toolForms(tool)} />
    </Stack>
  );
}
