/** What every credential is given beside its values: a name, who may use it, and whether calls use it that name none. */

import { SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";

export interface Given {
  name: string;
  visibility: "shared" | "private";
  isDefault: boolean;
  endUser: string;
}

export const NOTHING_GIVEN: Given = { name: "", visibility: "shared", isDefault: false, endUser: "" };

/** As the server takes it; what is empty is left out. */
export function asked({ name, visibility, isDefault, endUser }: Given) {
  return { ...(name.trim() ? { name: name.trim() } : {}), visibility, ...(isDefault ? { isDefault } : {}), ...(endUser.trim() ? { endUser: endUser.trim() } : {}) };
}

export function CredentialFields({
  value,
  onChange,
  faults,
  nameHint,
}: {
  value: Given;
  onChange: (value: Given) => void;
  faults: Record<string, string | undefined>;
  /** What it is called where nothing is typed. */
  nameHint: string;
}) {
  const set = (part: Partial<Given>) => onChange({ ...value, ...part });
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        description={nameHint}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={faults.name}
        maxLength={120}
        autoComplete="off"
        data-autofocus
      />
      <div>
        <SegmentedControl
          aria-label="Who can use it"
          value={value.visibility}
          onChange={(chosen) => set({ visibility: chosen as Given["visibility"] })}
          data={[
            { value: "shared", label: "Shared" },
            { value: "private", label: "Private" },
          ]}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {value.visibility === "shared" ? "Calls of everybody who may call this connector can use it." : "Only your own calls use it, and nobody else sees it."}
        </Text>
      </div>
      <Switch
        label={value.visibility === "shared" ? "Default of the connector" : "Default of your calls"}
        description="Calls that name no credential use it. The first one is the default anyway."
        checked={value.isDefault}
        onChange={(event) => set({ isDefault: event.currentTarget.checked })}
      />
      <TextInput
        label="End user"
        description="Whose account it is, if it is somebody’s you work for: a name or a number of your own"
        value={value.endUser}
        onChange={(event) => set({ endUser: event.currentTarget.value })}
        error={faults.endUser}
        maxLength={120}
        autoComplete="off"
      />
    </Stack>
  );
}
