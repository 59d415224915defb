/** One param of a tool: who decides it, and its value where the model does not. */

import { Code, Grid, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { Field } from "~/shared/form/Field";
import { kindOf, resolved, withoutNull, type Schema } from "~/shared/form/schema";
import { WAYS, type ParamRow, type Way } from "./rule";

export function ParamRule({ row, schema, onChange }: { row: ParamRow; /** Of all params. */ schema: Schema; onChange: (row: ParamRow) => void }) {
  const own = withoutNull(resolved((schema.properties ?? {})[row.name] ?? {}, schema), schema);
  const settled = row.way === "locked" || row.way === "default";
  const label = row.way === "locked" ? `Locked value of ${row.name}` : `Default of ${row.name}`;
  return (
    <Stack gap={4} component="section" aria-label={`Param ${row.name}`}>
      <Grid gap="xs" align="flex-end">
        <Grid.Col span={{ base: 12, sm: 5 }}>
          <Group gap={6}>
            <Code fz="sm" style={{ overflowWrap: "anywhere" }}>
              {row.name}
            </Code>
            {schema.required?.includes(row.name) && (
              <Text span size="xs" c="dimmed">
                needed
              </Text>
            )}
          </Group>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {own.description}
          </Text>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 7 }}>
          <Select
            aria-label={`Who decides ${row.name}`}
            data={[...WAYS]}
            value={row.way}
            allowDeselect={false}
            onChange={(way) => way && onChange({ ...row, way: way as Way, value: row.value ?? firstValue(own) })}
          />
        </Grid.Col>
      </Grid>
      {settled && (
        <Stack gap={6} pl="md">
          <Switch
            size="xs"
            label="A template, with variables of the call"
            checked={row.template}
            onChange={(event) => onChange({ ...row, template: event.currentTarget.checked, value: undefined })}
          />
          {row.template ? (
            <TextInput
              label={label}
              description="Such as {{ default_channel }}. What it yields keeps its type."
              value={typeof row.value === "string" ? row.value : ""}
              onChange={(event) => onChange({ ...row, value: event.currentTarget.value || undefined })}
              autoComplete="off"
              spellCheck={false}
            />
          ) : (
            <Field
              name={row.name}
              at={`/${row.name}`}
              schema={{ ...own, title: label, description: undefined, default: undefined }}
              root={schema}
              required={false}
              value={row.value}
              onChange={(value) => onChange({ ...row, value })}
              faults={[]}
              disabled={false}
              depth={0}
            />
          )}
          {row.value === undefined && (
            <Text size="xs" role="status">
              Without a value, nothing is settled: the model decides.
            </Text>
          )}
        </Stack>
      )}
    </Stack>
  );
}

/** What stands there before anybody has typed: a switch that is off says no, and not nothing. */
function firstValue(schema: Schema): unknown {
  return schema.default ?? (kindOf(schema) === "boolean" ? false : undefined);
}
