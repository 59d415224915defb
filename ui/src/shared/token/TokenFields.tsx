/** What a token allows and how long, as fields that the makers of tokens and of users share. */

import { Checkbox, Select, Stack } from "@mantine/core";

export const SCOPES = [
  { value: "read", label: "Read", description: "See connectors, types and calls" },
  { value: "execute", label: "Execute", description: "Run commands" },
  { value: "manage", label: "Manage", description: "Change connectors, secrets and tokens" },
];

const DAY = 86_400;
const LASTING = [
  { value: String(DAY), label: "1 day" },
  { value: String(7 * DAY), label: "7 days" },
  { value: String(30 * DAY), label: "30 days" },
  { value: String(90 * DAY), label: "90 days" },
  { value: String(365 * DAY), label: "1 year" },
  { value: "never", label: "No end" },
];

export interface Allowed {
  scopes: string[];
  /** Seconds as text, or `never`. */
  lasting: string;
}

export const USUAL: Allowed = { scopes: ["read", "execute"], lasting: String(90 * DAY) };

export function expiresIn(allowed: Allowed): number | undefined {
  return allowed.lasting === "never" ? undefined : Number(allowed.lasting);
}

export function TokenFields({
  value,
  onChange,
  own,
  offered,
  faults = {},
}: {
  value: Allowed;
  onChange: (value: Allowed) => void;
  /** The scopes that can be given away. */
  own: readonly string[];
  /** The only ones that make sense here; all unless given. */
  offered?: readonly string[];
  faults?: Record<string, string | undefined>;
}) {
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label="What it allows"
        error={value.scopes.length === 0 ? "One at least." : faults.scopes}
        value={value.scopes}
        onChange={(scopes) => onChange({ ...value, scopes })}
      >
        <Stack gap={6} mt={6}>
          {SCOPES.filter((each) => offered?.includes(each.value) ?? true).map((each) => (
            <Checkbox
              key={each.value}
              value={each.value}
              label={each.label}
              description={own.includes(each.value) ? each.description : "Your own token lacks this."}
              disabled={!own.includes(each.value)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select
        label="How long it works"
        data={LASTING}
        value={value.lasting}
        allowDeselect={false}
        error={faults.expiresIn}
        onChange={(lasting) => lasting && onChange({ ...value, lasting })}
      />
    </Stack>
  );
}
