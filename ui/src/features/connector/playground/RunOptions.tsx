/** How a call is made: as whom, for real or from a mock, and how long it may take. */

import { Group, NumberInput, Select, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { credentialsQuery } from "~/api/credentials";
import { useSession } from "~/app/session/session";
import type { Options } from "./input";

const PLANNED = new Set(["http", "openapi"]);

export function RunOptions({
  options,
  change,
  scenarios,
  model,
  environments,
  standard,
  connector,
}: {
  options: Options;
  change: (options: Options) => void;
  scenarios: readonly string[];
  /** The connector's execution model. */
  model: string;
  environments: readonly string[];
  /** The one that is called unless another is chosen; empty for none. */
  standard: string;
  /** `namespace/name`. */
  connector: string;
}) {
  const { keepsNothing } = useSession();
  const credentials = useQuery({ ...credentialsQuery(connector), retry: false, enabled: !keepsNothing });
  const set = (part: Partial<Options>) => change({ ...options, ...part });
  return (
    <Group gap="md" align="flex-end">
      {environments.length > 0 && (
        <Select
          label="Environment"
          data={[{ value: "", label: standard ? `Default: ${standard}` : "None" }, ...environments.filter((each) => each !== standard)]}
          value={options.environment}
          onChange={(value) => set({ environment: value ?? "" })}
          allowDeselect={false}
          size="xs"
          w={170}
        />
      )}
      {(credentials.data?.length ?? 0) > 0 && (
        <Select
          label="Credential"
          placeholder="The default"
          data={(credentials.data ?? []).map((each) => ({ value: each.id, label: each.visibility === "private" ? `${each.name} (private)` : each.name }))}
          value={options.credential || null}
          onChange={(value) => set({ credential: value ?? "" })}
          disabled={options.mock}
          clearable
          clearButtonProps={{ "aria-label": "The default" }}
          size="xs"
          w={180}
        />
      )}
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
