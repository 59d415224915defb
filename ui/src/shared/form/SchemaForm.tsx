/** The fields of a JSON Schema of an object. Faults, of the browser or of the server, stand at the field that they are of. */

import { Alert, List, Stack } from "@mantine/core";
import type { Fault } from "~/api/problem";
import { Field } from "./Field";
import { shownNames, type Schema } from "./schema";

export type Values = Record<string, unknown>;

export function SchemaForm({
  schema,
  value,
  onChange,
  faults = [],
  base = "",
  disabled = false,
  stored = [],
}: {
  schema: Schema;
  value: Values;
  onChange: (value: Values) => void;
  faults?: readonly Fault[];
  /** The pointer of the object itself in what the server is sent. */
  base?: string;
  disabled?: boolean;
  /** Names of secrets that the server has: they are left as they are unless something is typed. */
  stored?: readonly string[];
}) {
  const names = shownNames(schema, value);
  const mine = faults.filter((each) => each.pointer.startsWith(base)).map((each) => ({ ...each, pointer: each.pointer.slice(base.length) }));
  const unplaced = mine.filter((each) => !names.some((name) => each.pointer === `/${name}` || each.pointer.startsWith(`/${name}/`)));
  return (
    <Stack gap="sm">
      {unplaced.length > 0 && (
        <Alert color="red" role="alert" title="This is not accepted">
          <List size="sm">
            {unplaced.map((each) => (
              <List.Item key={`${each.pointer} ${each.message}`}>
                {each.pointer} {each.message}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {names.map((name) => (
        <Field
          key={name}
          name={name}
          at={`/${name}`}
          schema={(schema.properties as Record<string, Schema>)[name] as Schema}
          root={schema}
          required={schema.required?.includes(name) ?? false}
          value={value[name]}
          onChange={(changed) => onChange(replaced(value, name, changed))}
          faults={mine}
          disabled={disabled}
          stored={stored.includes(name)}
          depth={0}
        />
      ))}
    </Stack>
  );
}

/** The values with one changed; an empty field is left out, and says nothing. */
export function replaced(values: Values, name: string, value: unknown): Values {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...values, [name]: value };
}
