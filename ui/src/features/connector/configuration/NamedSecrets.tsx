/** For each secret field: a secret that is kept under a name, or nothing at all. */

import { Select, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { readAll } from "~/api/lists";
import type { Secret } from "~/api/types";

const OWN = "own";
const NOTHING = "nothing";

export function NamedSecrets({
  fields,
  stored,
  config,
  change,
  disabled,
  where = "",
}: {
  fields: readonly string[];
  /** Those that the server has a value of. */
  stored: readonly string[];
  config: Record<string, unknown>;
  change: (config: Record<string, unknown>) => void;
  disabled: boolean;
  /** The environment that they are of, if one. */
  where?: string;
}) {
  const secrets = useQuery({ queryKey: ["secrets", "names"], queryFn: () => readAll<Secret>("/api/secrets"), enabled: fields.length > 0, retry: false });
  if (fields.length === 0) return null;
  const names = [...new Set((secrets.data ?? []).map((each) => each.name))];
  const set = (field: string, value: string | null) => {
    const { [field]: _, ...others } = config;
    if (value === null || value === OWN) change(others);
    else change({ ...others, [field]: value === NOTHING ? null : { secret: value.slice(1) } });
  };
  return (
    <Stack gap="xs">
      {!where && (
        <>
          <Title order={3} size="h5">
            Where secrets come from
          </Title>
          <Text size="sm" c="dimmed">
            A secret can be typed above, or be one of the named secrets, which several connectors can share.
          </Text>
        </>
      )}
      {fields.map((field) => {
        const value = config[field];
        const named = typeof value === "object" && value !== null ? String((value as { secret?: unknown }).secret ?? "") : "";
        const all = named && !names.includes(named) ? [...names, named] : names;
        return (
          <Select
            key={field}
            label={where ? `Source of ${field} in ${where}` : `Source of ${field}`}
            value={named ? `=${named}` : value === null ? NOTHING : OWN}
            data={[
              { value: OWN, label: stored.includes(field) ? "Its own value, which is set" : "Its own value, typed above" },
              ...(stored.includes(field) ? [{ value: NOTHING, label: "Nothing: forget the value" }] : []),
              ...all.map((each) => ({ value: `=${each}`, label: `Named secret ${each}` })),
            ]}
            onChange={(next) => set(field, next)}
            allowDeselect={false}
            disabled={disabled}
            searchable={all.length > 8}
          />
        );
      })}
    </Stack>
  );
}
