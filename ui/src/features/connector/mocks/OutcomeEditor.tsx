/** The answer of a scenario, as JSON. */

import { Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { CodeEditor } from "~/shared/code/CodeEditor";

export function OutcomeEditor({
  label,
  value,
  onChange,
  setBroken,
  save,
  readOnly,
}: {
  label: string;
  value: unknown;
  onChange: (outcome: unknown) => void;
  setBroken: (why: string) => void;
  save: () => void;
  readOnly: boolean;
}) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState("");
  const sent = useRef(value);
  useEffect(() => {
    if (JSON.stringify(value) !== JSON.stringify(sent.current)) {
      sent.current = value;
      setText(JSON.stringify(value, null, 2));
    }
  }, [value]);
  useEffect(() => () => setBroken(""), [setBroken]);
  const type = (typed: string) => {
    setText(typed);
    let why = "";
    try {
      sent.current = JSON.parse(typed);
      onChange(sent.current);
    } catch {
      why = "This is not JSON yet.";
    }
    setWrong(why);
    setBroken(why);
  };
  return (
    <Stack gap={4}>
      <CodeEditor label={label} language="json" value={text} onChange={type} onSave={save} readOnly={readOnly} minHeight={200} maxHeight={520} />
      <Text size="sm" c="var(--mantine-color-error)" role="status">
        {wrong}
      </Text>
      <Text size="xs" c="dimmed">
        Such as {'{"success": true, "payload": …}'}, or {'{"success": false, "error": "…", "code": "…"}'} for one that fails.
      </Text>
    </Stack>
  );
}
