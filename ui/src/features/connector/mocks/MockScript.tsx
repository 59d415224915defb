/** A script that answers instead of the service. */

import { Group, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import type { Fault } from "~/api/problem";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { scriptFor, type Mocks } from "./mocks";

export function MockScript({
  draft,
  setDraft,
  refusal,
  save,
  first,
  faults,
}: {
  draft: Mocks;
  setDraft: (mocks: Mocks) => void;
  refusal: string;
  save: () => void;
  /** A command, for the example. */
  first: string;
  faults: readonly Fault[];
}) {
  const marks = useMemo(() => faults.filter((each) => each.pointer === "/mocks/script").map(markOf), [faults]);
  const { script, ...others } = draft;
  if (script === undefined) {
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          There is no script. One can answer by what a command is given, which a fixed answer cannot. It runs in the sandbox, and can reach nothing.
        </Text>
        <RefusedButton size="xs" refusal={refusal} onClick={() => setDraft({ ...draft, script: scriptFor(first) })}>
          Write a script
        </RefusedButton>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      <CodeEditor
        label="Script of the mocks"
        language="javascript"
        value={script}
        onChange={(text) => setDraft({ ...draft, script: text })}
        onSave={save}
        marks={marks}
        readOnly={refusal !== ""}
        maxHeight={520}
      />
      <Group>
        <RefusedButton size="xs" variant="default" refusal={refusal} onClick={() => setDraft(others)}>
          Remove the script
        </RefusedButton>
      </Group>
    </Stack>
  );
}

/** The line stands in what the server says, where it knows it. */
function markOf(fault: Fault): { line: number; column?: number; message: string } {
  const { line, column } = fault as Fault & { line?: number; column?: number };
  const said = /line (\d+)/.exec(fault.message)?.[1];
  return { line: line ?? Number(said ?? 1), message: fault.message, ...(column === undefined ? {} : { column }) };
}
