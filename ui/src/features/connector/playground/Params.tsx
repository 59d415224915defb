/** The params of a command, as a form or as JSON: two views of the same values. */

import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Fault } from "~/api/problem";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import type { Schema } from "~/shared/form/schema";
import { useUrlState } from "~/shared/url/useUrlState";

export function Params({
  schema,
  value,
  onChange,
  faults,
  onRun,
  setBroken,
}: {
  schema: Schema;
  value: Values;
  onChange: (value: Values) => void;
  faults: readonly Fault[];
  onRun: () => void;
  /** Told why the text is no params yet; empty as soon as it is. */
  setBroken: (why: string) => void;
}) {
  const [as, setAs] = useUrlState("input", "form");
  const empty = Object.keys(schema.properties ?? {}).length === 0;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3} size="h5">
          Params
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Params as"
          value={as}
          onChange={setAs}
          data={[
            { value: "form", label: "Form" },
            { value: "json", label: "JSON" },
          ]}
        />
      </Group>
      {as === "json" ? (
        <AsJson value={value} onChange={onChange} onRun={onRun} setBroken={setBroken} faults={faults} />
      ) : empty ? (
        <Text size="sm" c="dimmed">
          This command takes no params.
        </Text>
      ) : (
        <SchemaForm schema={schema} value={value} onChange={onChange} faults={faults} />
      )}
    </Stack>
  );
}

function AsJson({
  value,
  onChange,
  onRun,
  setBroken,
  faults,
}: {
  value: Values;
  onChange: (value: Values) => void;
  onRun: () => void;
  setBroken: (why: string) => void;
  faults: readonly Fault[];
}) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState("");
  const sent = useRef(value);
  useEffect(() => {
    // Another value than the one typed here: a call of the history was chosen.
    if (value !== sent.current) {
      sent.current = value;
      setText(JSON.stringify(value, null, 2));
      setWrong("");
      setBroken("");
    }
  }, [value, setBroken]);
  useEffect(() => () => setBroken(""), [setBroken]);
  const type = (typed: string) => {
    setText(typed);
    const parsed = readObject(typed);
    const why = parsed === null ? "This is not a JSON object yet. The form keeps the last that was." : "";
    setWrong(why);
    setBroken(why);
    if (parsed !== null) {
      sent.current = parsed;
      onChange(parsed);
    }
  };
  return (
    <Stack gap={4}>
      <CodeEditor label="Params as JSON" language="json" value={text} onChange={type} onRun={onRun} minHeight={120} maxHeight={420} />
      <Text size="sm" c="var(--mantine-color-error)" role="status">
        {wrong}
      </Text>
      {faults.map((each) => (
        <Text key={`${each.pointer} ${each.message}`} size="sm" c="var(--mantine-color-error)">
          {each.pointer} {each.message}
        </Text>
      ))}
    </Stack>
  );
}

function readObject(text: string): Values | null {
  try {
    const read: unknown = JSON.parse(text.trim() || "{}");
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Values) : null;
  } catch {
    return null;
  }
}
