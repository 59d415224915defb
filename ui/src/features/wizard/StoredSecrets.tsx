/** Secrets that the server keeps under a name, instead of typing them. */

import { Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readAll } from "~/api/lists";
import type { Secret } from "~/api/types";
import type { Values } from "~/shared/form/SchemaForm";

export function StoredSecrets({ fields, config, onChange }: { fields: readonly string[]; config: Values; onChange: (config: Values) => void }) {
  const secrets = useQuery({ queryKey: ["secrets", "all"], queryFn: () => readAll<Secret>("/api/secrets"), retry: false });
  const names = [...new Set((secrets.data ?? []).map((each) => each.name))].sort();
  if (names.length === 0) return null;
  const chosen = (field: string) => (config[field] as { secret?: string } | undefined)?.secret ?? null;
  const choose = (field: string, name: string | null) => {
    const { [field]: _, ...others } = config;
    onChange(name === null ? others : { ...others, [field]: { secret: name } });
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Or take a secret that is stored under a name:
      </Text>
      {fields.map((field) => (
        <Select
          key={field}
          label={`Stored secret for ${field}`}
          data={names}
          value={chosen(field)}
          placeholder="none"
          searchable
          clearable
          clearButtonProps={{ "aria-label": "No stored secret" }}
          onChange={(name) => choose(field, name)}
        />
      ))}
    </Stack>
  );
}
