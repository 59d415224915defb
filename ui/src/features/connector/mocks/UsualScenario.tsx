/** The scenario of calls that name none. */

import { Autocomplete } from "@mantine/core";
import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { DEFAULT_SCENARIO, scenariosOf, type Mocks } from "./mocks";

export function UsualScenario({
  connector,
  draft,
  setDraft,
  disabled,
}: {
  connector: Connector;
  draft: Mocks;
  setDraft: (mocks: Mocks) => void;
  disabled: boolean;
}) {
  const { commands } = configSchemaOf(connector);
  const stored = Object.values(draft.data ?? {}).flatMap((each) => Object.keys(each));
  const known = [...new Set([...stored, ...Object.entries(commands).flatMap(([name, each]) => scenariosOf(connector, name, each))])].sort();
  return (
    <Autocomplete
      label="Usual scenario"
      description="Of calls that name none."
      placeholder={DEFAULT_SCENARIO}
      data={known}
      value={draft.scenario ?? ""}
      onChange={(value) => {
        const { scenario: _, ...others } = draft;
        setDraft(value ? { ...others, scenario: value } : others);
      }}
      disabled={disabled}
      maw={320}
    />
  );
}
