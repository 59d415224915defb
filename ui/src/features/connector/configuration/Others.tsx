/** What is set for a connector beside its connection. */

import { NumberInput, Select, Stack, TagsInput, Textarea, TextInput, Title } from "@mantine/core";
import type { Fault } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import type { Draft } from "./draft";

const SHORTEST_MS = 1_000;
const LONGEST_MS = 300_000;
const LEVELS = ["trace", "debug", "info", "warn", "error"];

export function Others({
  draft,
  change,
  faults,
  disabled,
}: {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  faults: readonly Fault[];
  disabled: boolean;
}) {
  const noAdmin = useRefusal("manage", { admin: true });
  const fault = (pointer: string) => faults.find((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`))?.message;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        For people
      </Title>
      <TextInput
        label="Display name"
        value={draft.displayName}
        error={fault("/displayName")}
        onChange={(event) => change({ displayName: event.currentTarget.value })}
        disabled={disabled}
      />
      <Textarea
        label="Description"
        value={draft.description}
        error={fault("/description")}
        onChange={(event) => change({ description: event.currentTarget.value })}
        autosize
        minRows={2}
        disabled={disabled}
      />
      <TagsInput
        label="Tags"
        description="To find it by. Enter adds one."
        value={draft.tags}
        error={fault("/tags")}
        onChange={(tags) => change({ tags })}
        disabled={disabled}
      />
      <Title order={2} size="h4" mt="sm">
        How it is called
      </Title>
      <NumberInput
        label="Timeout"
        description="Milliseconds that a call may take, 1,000 to 300,000. Empty: as the server has it."
        value={draft.timeout ?? ""}
        error={fault("/timeout") ?? outOfBounds(draft.timeout)}
        onChange={(value) => change({ timeout: typeof value === "number" ? value : null })}
        min={SHORTEST_MS}
        max={LONGEST_MS}
        step={1_000}
        thousandSeparator=","
        clampBehavior="none"
        disabled={disabled}
      />
      <Select
        label="Log level"
        description="What is less important is not kept."
        placeholder="As the server has it"
        data={LEVELS}
        value={draft.logLevel || null}
        error={fault("/logLevel")}
        onChange={(value) => change({ logLevel: value ?? "" })}
        clearable
        disabled={disabled}
      />
      <TextInput
        label="May also reach"
        description={noAdmin || "Addresses beside public ones, with commas between: 10.0.0.0/8, db.example:5432. Only what is needed: requests carry secrets there."}
        value={draft.allow}
        error={fault("/egress/allow") ?? fault("/egress")}
        onChange={(event) => change({ allow: event.currentTarget.value })}
        disabled={disabled || noAdmin !== ""}
      />
      <TextInput
        label="Ports"
        description={noAdmin || "Ports beside the usual ones, with commas between: 443, 8443."}
        value={draft.ports}
        error={fault("/egress/ports")}
        onChange={(event) => change({ ports: event.currentTarget.value })}
        disabled={disabled || noAdmin !== ""}
      />
    </Stack>
  );
}

/** The server says no as well; this says it at the field. */
function outOfBounds(timeout: number | null): string | undefined {
  return timeout !== null && (timeout < SHORTEST_MS || timeout > LONGEST_MS) ? "From 1,000 to 300,000." : undefined;
}
