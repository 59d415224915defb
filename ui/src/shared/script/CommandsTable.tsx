/** The commands of a script: what each is called, takes and gives. */

import { Button, Group, JsonInput, Paper, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { FieldRows } from "./FieldRows";
import type { Functions } from "./functions";
import { emptyCommand, paramsSchema, TYPES, type CommandRow } from "./rows";

const NONE: Functions = { all: [], commands: [] };

export function CommandsTable({
  rows,
  functions = NONE,
  onChange,
}: {
  rows: readonly CommandRow[];
  /** Of the script. */
  functions?: Functions;
  onChange: (rows: CommandRow[]) => void;
}) {
  const change = (at: number, part: Partial<CommandRow>) => onChange(rows.map((each, place) => (place === at ? { ...each, ...part } : each)));
  const missing = functions.commands.filter((name) => !rows.some((each) => each.name === name));
  return (
    <Stack gap="sm">
      {rows.map((row, at) => (
        <Paper key={at} withBorder p="sm" role="group" aria-label={`Command ${row.name || at + 1}`}>
          <Stack gap="xs">
            <Group gap="xs" align="flex-end">
              <TextInput
                size="xs"
                label="Command"
                value={row.name}
                onChange={(event) => change(at, { name: event.currentTarget.value })}
                error={faultOf(row, rows, functions.all)}
                style={{ flex: "1 1 140px" }}
                autoComplete="off"
              />
              <TextInput
                size="xs"
                label="What it does"
                value={row.description}
                onChange={(event) => change(at, { description: event.currentTarget.value })}
                style={{ flex: "3 1 200px" }}
                autoComplete="off"
              />
              <TextInput
                size="xs"
                label="Outputs"
                placeholder="items, total"
                value={row.outputs}
                onChange={(event) => change(at, { outputs: event.currentTarget.value })}
                style={{ flex: "1 1 120px" }}
                autoComplete="off"
              />
            </Group>
            <Params row={row} change={(part) => change(at, part)} />
            <Group justify="space-between">
              <Switch size="xs" label="Changes nothing at the service" checked={row.readsOnly} onChange={(event) => change(at, { readsOnly: event.currentTarget.checked })} />
              <Group gap="xs">
                <Button size="compact-xs" variant="default" onClick={() => change(at, otherWay(row))}>
                  {row.json === undefined ? "Params as JSON Schema" : "Params as rows"}
                </Button>
                <Button size="compact-xs" variant="default" onClick={() => onChange(rows.filter((_, place) => place !== at))} aria-label={`Remove command ${row.name || at + 1}`}>
                  Remove
                </Button>
              </Group>
            </Group>
          </Stack>
        </Paper>
      ))}
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...rows, emptyCommand()])}>
          Add a command
        </Button>
        {missing.map((name) => (
          <Button key={name} size="xs" variant="light" onClick={() => onChange([...rows, emptyCommand(name)])}>
            Add “{name}” of the script
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

function Params({ row, change }: { row: CommandRow; change: (part: Partial<CommandRow>) => void }) {
  if (row.json !== undefined) {
    return (
      <JsonInput
        size="xs"
        label="Params, as a JSON Schema of an object"
        value={row.json}
        onChange={(json) => change({ json })}
        error={isJson(row.json) ? undefined : "This is not JSON yet."}
        autosize
        minRows={4}
        maxRows={16}
      />
    );
  }
  return (
    <Stack gap={4}>
      <Text size="xs" fw={500}>
        Params
      </Text>
      <FieldRows what="param" rows={row.params} types={TYPES} onChange={(params) => change({ params })} />
    </Stack>
  );
}

/** From rows to JSON loses nothing; back it keeps the rows that were there before. */
function otherWay(row: CommandRow): Partial<CommandRow> {
  if (row.json !== undefined) return { json: undefined };
  return { json: JSON.stringify(paramsSchema(row), null, 2) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || "{}");
    return true;
  } catch {
    return false;
  }
}

function faultOf(row: CommandRow, rows: readonly CommandRow[], functions: readonly string[]): string | undefined {
  if (row.name === "") return undefined;
  if (rows.filter((each) => each.name === row.name).length > 1) return "Another command has this name.";
  const known = functions.some((name) => folded(name) === folded(row.name));
  return functions.length > 0 && !known ? "The script has no function of this name." : undefined;
}

/** A command `list-things` is run by the function `listThings`. */
function folded(name: string): string {
  return name.replace(/[-_\s]/g, "").toLowerCase();
}
