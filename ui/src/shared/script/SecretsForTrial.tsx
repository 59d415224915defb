/** Secrets that the server keeps are not given to a script that is not saved: whoever tries it types them. */

import { Alert, Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { connectionSchema, type ConfigSchema } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import { storedSecrets } from "./bodies";

export function SecretsForTrial({
  connector,
  schema,
  value,
  onChange,
}: {
  connector: Connector;
  schema: ConfigSchema;
  value: Values;
  onChange: (value: Values) => void;
}) {
  const names = storedSecrets(connector, schema);
  if (names.length === 0) return null;
  const fields = Object.fromEntries(Object.entries(schema.connectionConfig).flatMap(([name, field]) => (names.includes(name) ? [[name, { ...field, required: false }]] : [])));
  return (
    <Stack gap="xs" mb="sm">
      <Alert color="gray" icon={<IconLock aria-hidden />} py="xs">
        A stored secret is not given to a script that is not saved. Type one for the test; it is not kept.
      </Alert>
      <form onSubmit={(event) => event.preventDefault()}>
        <SchemaForm schema={connectionSchema(fields)} value={value} onChange={onChange} />
      </form>
    </Stack>
  );
}
