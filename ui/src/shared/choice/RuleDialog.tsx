/** What is settled for one tool: who decides each param, what the model reads of it, and how much of its result. */

import { Button, Grid, Group, NumberInput, Stack, Switch, TagsInput, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { typeQuery } from "~/api/catalogue";
import { configSchemaOf, connectorQuery, type ConfigSchema } from "~/api/connectors";
import type { Tool } from "~/api/tools";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormSkeleton } from "~/shared/state/Loading";
import { ToolSeen } from "~/shared/tools/ToolSeen";
import { choiceOf, folded, type ToolRule } from "./choice";
import { ParamRule } from "./ParamRule";
import { rowsOf, trimmed, withRows, type ParamRow } from "./rule";
import type { Schema } from "~/shared/form/schema";

export function RuleDialog({ of, rule, done, close }: { of: Tool; rule: ToolRule; done: (rule: ToolRule) => void; close: () => void }) {
  const [draft, setDraft] = useState(rule);
  const [rows, setRows] = useState<ParamRow[] | null>(null);
  const [finished, setFinished] = useState(false);
  const params = useParams(of);
  const names = Object.keys(params?.properties ?? {});
  const shown = rows ?? rowsOf(names, rule);
  const said = trimmed(rows ? withRows(draft, rows) : draft);
  const set = (part: Partial<ToolRule>) => setDraft((before) => ({ ...before, ...part }));
  const dirty = JSON.stringify(said) !== JSON.stringify(trimmed(rule));
  return (
    <FormDialog title={`Settle ${of.command} of ${of.connector}`} size="80rem" dirty={dirty && !finished} close={close}>
      {(leave) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setFinished(true);
            done(said);
          }}
        >
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Stack gap="sm">
                <Title order={3} size="h5">
                  Params
                </Title>
                {params && names.length === 0 && <Text size="sm">It takes none.</Text>}
                {!params && <FormSkeleton fields={3} />}
                {params &&
                  shown.map((row, at) => (
                    <ParamRule
                      key={row.name}
                      row={row}
                      schema={params}
                      onChange={(next) => setRows(shown.map((each, place) => (place === at ? next : each)))}
                    />
                  ))}
                <Title order={3} size="h5" mt="sm">
                  For the model
                </Title>
                <Textarea
                  label="Description"
                  description="Instead of the command's own"
                  placeholder={of.description}
                  value={draft.description ?? ""}
                  onChange={(event) => set({ description: event.currentTarget.value })}
                  autosize
                  minRows={2}
                  maxRows={8}
                />
                <TextInput
                  label="Name of the tool"
                  description="Made of connector and command unless given: letters, digits, “_” and “-”"
                  value={draft.name ?? ""}
                  onChange={(event) => set({ name: event.currentTarget.value })}
                  maxLength={64}
                  autoComplete="off"
                  spellCheck={false}
                />
                <Switch
                  label="It may ask for sample data"
                  description="By one more param. It can never ask for the real service."
                  checked={draft.mock === true}
                  onChange={(event) => set({ mock: event.currentTarget.checked })}
                />
                <Title order={3} size="h5" mt="sm">
                  Of its result
                </Title>
                <TagsInput
                  label="Fields"
                  description="Only these, of each item of a list or of an object; dots lead inside. Enter adds one."
                  value={[...(draft.result?.fields ?? [])]}
                  onChange={(fields) => set({ result: { ...draft.result, fields } })}
                />
                <NumberInput
                  label="Items"
                  description="At most so many; as many as fit unless given"
                  value={draft.result?.limit ?? ""}
                  onChange={(limit) => set({ result: { ...draft.result, limit: typeof limit === "number" ? limit : null } })}
                  min={1}
                  allowDecimal={false}
                  w={{ base: "100%", xs: 200 }}
                />
                <TextInput
                  label="What people are shown while it runs"
                  description="A template with the tool's params, such as “Posting {{ text }}”"
                  value={draft.status ?? ""}
                  onChange={(event) => set({ status: event.currentTarget.value })}
                  autoComplete="off"
                />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack gap="xs" component="section" aria-label="What the model sees">
                <Title order={3} size="h5">
                  What the model sees
                </Title>
                <ToolSeen choice={choiceOf(of, said)} />
              </Stack>
            </Grid.Col>
          </Grid>
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            <Button type="submit">Take it over</Button>
          </Group>
        </form>
      )}
    </FormDialog>
  );
}

/** The command's params as its author declares them; what the model is shown of them is less. */
function useParams({ connector, command }: Tool): Schema | null {
  const [namespace = "", name = ""] = connector.split("/");
  const configured = connector.includes("/");
  const found = useQuery({ ...connectorQuery(namespace, name), enabled: configured });
  const type = useQuery(typeQuery(configured ? "" : connector));
  const schema: ConfigSchema | undefined = configured ? found.data && configSchemaOf(found.data) : type.data?.definition.configSchema;
  if (!schema) return null;
  const key = Object.keys(schema.commands).find((each) => folded(each) === folded(command));
  return key === undefined ? null : (schema.commands[key]?.params ?? null);
}
