/** How a call is made: for real or from a mock, and how long it may take. */

import { Group, NumberInput, Select, Switch } from "@mantine/core";
import type { Options } from "./input";

const PLANNED = new Set(["http", "openapi"]);

export function RunOptions({
  options,
  change,
  scenarios,
  model,
}: {
  options: Options;
  change: (options: Options) => void;
  scenarios: readonly string[];
  /** The connector's execution model. */
  model: string;
}) {
  const set = (part: Partial<Options>) => change({ ...options, ...part });
  return (
    <Group gap="md" align="flex-end">
      <NumberInput
        label="Timeout, ms"
        placeholder="As set"
        value={options.timeout ?? ""}
        onChange={(value) => set({ timeout: typeof value === "number" ? value : null })}
        min={1_000}
        max={300_000}
        step={1_000}
        allowDecimal={false}
        size="xs"
        w={110}
      />
      <Switch label="From a mock" checked={options.mock} onChange={(event) => set({ mock: event.currentTarget.checked, plan: false })} mb={6} />
      {options.mock && (
        <Select
          label="Scenario"
          placeholder="As set"
          data={[...scenarios]}
          value={options.scenario || null}
          onChange={(value) => set({ scenario: value ?? "" })}
          clearable
          size="xs"
          w={150}
        />
      )}
      {PLANNED.has(model) && (
        <Switch label="Show the request, send nothing" checked={options.plan} onChange={(event) => set({ plan: event.currentTarget.checked, mock: false })} mb={6} />
      )}
    </Group>
  );
}
