/** Names and types, a row each: the params of a command, or the fields of a connection. */

import { ActionIcon, Box, Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { emptyField, type FieldRow } from "./rows";

export function FieldRows({
  what,
  rows,
  types,
  secrets = false,
  onChange,
}: {
  /** What one of them is called, such as `param`. */
  what: string;
  rows: readonly FieldRow[];
  types: readonly string[];
  /** Whether they can be secrets. */
  secrets?: boolean;
  onChange: (rows: FieldRow[]) => void;
}) {
  const change = (at: number, part: Partial<FieldRow>) => onChange(rows.map((each, place) => (place === at ? { ...each, ...part } : each)));
  return (
    <Stack gap="xs">
      {rows.map((row, at) => (
        <Group key={at} gap="xs" align="center" role="group" aria-label={`${what} ${row.name || at + 1}`}>
          <TextInput
            size="xs"
            aria-label="Name"
            placeholder="name"
            value={row.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
            style={{ flex: "1 1 110px" }}
            autoComplete="off"
          />
          <NativeSelect
            size="xs"
            aria-label="Type"
            data={types.includes(row.type) ? [...types] : [row.type, ...types]}
            value={row.type}
            onChange={(event) => change(at, { type: event.currentTarget.value })}
            style={{ flex: "0 1 100px" }}
          />
          <TextInput
            size="xs"
            aria-label="Description"
            placeholder="what it is"
            value={row.description}
            onChange={(event) => change(at, { description: event.currentTarget.value })}
            style={{ flex: "3 1 160px" }}
            autoComplete="off"
          />
          <Checkbox size="xs" label="Required" checked={row.required} onChange={(event) => change(at, { required: event.currentTarget.checked })} />
          {secrets && (
            <Checkbox size="xs" label="Secret" checked={row.secret ?? false} onChange={(event) => change(at, { secret: event.currentTarget.checked })} />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${what} ${row.name || at + 1}`}
            onClick={() => onChange(rows.filter((_, place) => place !== at))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Box>
        <Button size="compact-xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...rows, emptyField()])}>
          Add a {what}
        </Button>
      </Box>
    </Stack>
  );
}
