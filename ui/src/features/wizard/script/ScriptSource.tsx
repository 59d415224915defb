/** A script: what to begin with, the text itself, its commands, and the fields of its connection. */

import { Alert, Grid, List, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { asProblem, type Problem } from "~/api/problem";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { CommandsTable } from "~/shared/script/CommandsTable";
import { FieldRows } from "~/shared/script/FieldRows";
import { functionsOf } from "~/shared/script/functions";
import { FIELD_TYPES } from "~/shared/script/rows";
import { ScriptEditor } from "~/shared/script/ScriptEditor";
import { Failed } from "~/shared/state/Failed";
import type { Draft } from "../draft";
import type { SourceProps } from "../SourceStep";
import { TEMPLATES } from "./templates";

export default function ScriptSource({ draft, change, definition }: SourceProps) {
  const { script } = draft;
  const set = (part: Partial<Draft["script"]>) => change({ script: { ...script, ...part } });
  const [wanted, setWanted] = useState<string | null>(null);
  const problem = definition.error ? asProblem(definition.error) : null;
  const begin = (name: string) => {
    const template = TEMPLATES.find((each) => each.name === name);
    if (template) change({ script: { template: name, source: template.source, commands: template.commands, fields: template.fields }, params: {}, config: {} });
  };
  const touched = !TEMPLATES.some((each) => each.source === script.source);
  return (
    <Stack gap="md">
      <Select
        label="Begin with"
        description={TEMPLATES.find((each) => each.name === script.template)?.about}
        data={TEMPLATES.map(({ name, title }) => ({ value: name, label: title }))}
        value={script.template}
        allowDeselect={false}
        onChange={(name) => name && name !== script.template && (touched ? setWanted(name) : begin(name))}
        maw={420}
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Title order={2} size="h4" mb="xs">
            Script
          </Title>
          <ScriptEditor
            value={script.source}
            onChange={(source) => set({ source })}
            fields={script.fields.map((each) => each.name).filter(Boolean)}
            params={script.commands.flatMap((each) => each.params.map((param) => param.name)).filter(Boolean)}
            faults={problem?.errors}
          />
          <Checks problem={problem} pending={definition.pending} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="md">
            <section aria-labelledby="commands">
              <Title order={2} size="h4" mb="xs" id="commands">
                Commands
              </Title>
              <CommandsTable rows={script.commands} functions={functionsOf(script.source)} onChange={(commands) => set({ commands })} />
            </section>
            <section aria-labelledby="connection">
              <Title order={2} size="h4" mb="xs" id="connection">
                Connection
              </Title>
              <Text size="sm" c="dimmed" mb="xs">
                What differs from one connector to the next, such as an address and a key. The script reads it as floh.config.
              </Text>
              <FieldRows what="field" rows={script.fields} types={FIELD_TYPES} secrets onChange={(fields) => set({ fields })} />
            </section>
          </Stack>
        </Grid.Col>
      </Grid>
      <ConfirmDialog opened={wanted !== null} close={() => setWanted(null)} title="Begin anew?" action="Begin anew" run={async () => begin(wanted ?? "")}>
        What you have written of the script, its commands and its connection is replaced.
      </ConfirmDialog>
    </Stack>
  );
}

function Checks({ problem, pending }: { problem: Problem | null; pending: boolean }) {
  if (problem && problem.status !== 422) return <Failed problem={problem} />;
  if (problem) {
    return (
      <Alert color="red" mt="xs" title="The script cannot be used yet" role="status">
        <List size="sm">
          {(problem.errors.length > 0 ? problem.errors : [{ pointer: "", message: problem.message }]).map((each) => (
            <List.Item key={each.pointer + each.message}>{each.message}</List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  return (
    <Text size="xs" c="dimmed" mt={4} role="status">
      {pending ? "Checking." : "The server accepts the script."} Esc and then Tab leaves the editor.
    </Text>
  );
}
