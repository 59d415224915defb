/** The operations of a declarative connector: added, changed and removed in YAML, saved as a new version. */

import { Group, List, Stack, Text } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { typeQuery, type TypeDetails } from "~/api/catalogue";
import { addressOf } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { SaveProblem } from "~/shared/definition/SaveProblem";
import { useSave } from "~/shared/definition/useSave";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { Answered } from "~/shared/state/Answered";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { marksOf, yamlFault, yamlObject } from "~/shared/yaml/document";
import { changesOf, operationsYaml, unknownKeys } from "./operationsYaml";

export default function Operations({ connector }: { connector: Connector }) {
  const type = useQuery(typeQuery(connector.type));
  return <Answered query={type}>{(found) => <Editing key={connector.id} connector={connector} type={found} />}</Answered>;
}

function Editing({ connector, type }: { connector: Connector; type: TypeDetails }) {
  const saved = useMemo(() => operationsYaml(type.definition), [type]);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? saved;
  const dirty = typed !== null && typed !== saved;
  const denied = useRefusal("manage");
  const refusal = connector.stored ? denied : "This connector comes from a file or a program, and is changed there.";
  const save = useSave(connector, () => setTyped(null));
  const fault = useMemo(() => yamlFault(text), [text]);
  const written = yamlObject(text);
  const unknown = fault ? [] : unknownKeys(written);
  const marks = useMemo(() => {
    if (fault) return [fault];
    const named = unknown.map((key) => ({ pointer: `/${key}`, message: `“${key}” is none of baseUrl, headers and operations.` }));
    return marksOf(text, [...named, ...(save.error ? asProblem(save.error).errors : [])]);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, fault, unknown.join(), save.error]);
  const body = changesOf(written);
  const write = (autoBump = false) => {
    if (dirty && !fault && unknown.length === 0 && refusal === "") {
      save.mutate({ ...body, revision: connector.revision, ...(autoBump ? { autoBump: true } : {}) });
    }
  };
  return (
    <Stack gap="sm">
      <UnsavedGuard dirty={dirty} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {dirty ? "Changed, not saved." : `As saved, version ${type.version}.`}
        </Text>
        <Group gap="xs">
          <CopyAs snippets={[curl({ method: "PUT", path: addressOf(connector), body }), { name: "YAML", text }]} />
          <RefusedButton
            size="xs"
            refusal={refusal}
            disabled={(!dirty || fault !== null || unknown.length > 0) && !refusal}
            loading={save.isPending}
            leftSection={<IconDeviceFloppy size={14} aria-hidden />}
            onClick={() => write()}
          >
            Save as a new version
          </RefusedButton>
        </Group>
      </Group>
      <SaveProblem error={save.error} retry={() => write()} bump={() => write(true)} connector={connector} />
      <CodeEditor
        label="The operations as YAML"
        language="yaml"
        value={text}
        onChange={setTyped}
        onSave={() => write()}
        marks={marks}
        minHeight={320}
        maxHeight={640}
        readOnly={refusal !== ""}
      />
      {marks.length > 0 && (
        <List size="sm" aria-label="What is wrong" role="list">
          {marks.map((each) => (
            <List.Item key={`${each.line} ${each.message}`}>
              Line {each.line}: {each.message}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed">
        Each operation is a command; “parameters” is the JSON Schema of its params. Ctrl+S saves, Esc and then Tab leaves the editor.
      </Text>
    </Stack>
  );
}
