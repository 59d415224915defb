/** A choice as JSON, for what no form shows. */

import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Choice } from "~/shared/choice/choice";
import { CodeEditor } from "~/shared/code/CodeEditor";

export function ChoiceJson({ choice, onChange, readOnly }: { choice: Choice; onChange: (choice: Choice) => void; readOnly: boolean }) {
  const [text, setText] = useState(() => JSON.stringify(choice, null, 2));
  const [wrong, setWrong] = useState(false);
  const type = (typed: string) => {
    setText(typed);
    const read = readChoice(typed);
    setWrong(read === null);
    if (read !== null) onChange(read);
  };
  return (
    <Stack gap={4}>
      <CodeEditor label="Choice as JSON" language="json" value={text} onChange={readOnly ? undefined : type} readOnly={readOnly} minHeight={200} maxHeight={520} />
      <Text size="sm" c="var(--mantine-color-error)" role="status">
        {wrong ? "This is not a choice yet. What was one last is kept." : ""}
      </Text>
      <Text size="xs" c="dimmed">
        A list of connectors, each with its operations, and under “tools” what is settled for one.
      </Text>
    </Stack>
  );
}

function readChoice(text: string): Choice | null {
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read)) return readChoice(JSON.stringify({ connectors: read }));
    if (typeof read !== "object" || read === null) return null;
    const { connectors } = read as Choice;
    const named = connectors === undefined || connectors === null || (Array.isArray(connectors) && connectors.every((each) => typeof each?.connector === "string"));
    return named ? (read as Choice) : null;
  } catch {
    return null;
  }
}
