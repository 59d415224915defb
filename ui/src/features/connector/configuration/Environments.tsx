/** Connections for staging, production and so on, one of which a call chooses. */

import { Alert, Button, Group, MultiSelect, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { connectionSchema, type ConfigField } from "~/api/connectors";
import type { Fault } from "~/api/problem";
import { labelOf } from "~/shared/form/schema";
import { SchemaForm } from "~/shared/form/SchemaForm";
import type { Draft } from "./draft";
import { wrongName, type EnvironmentDraft } from "./environments";
import { NamedSecrets } from "./NamedSecrets";

export function Environments({
  fields,
  draft,
  change,
  faults,
  disabled,
}: {
  fields: Record<string, ConfigField>;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  faults: readonly Fault[];
  disabled: boolean;
}) {
  const { environments, environment: standard } = draft;
  const [at, setAt] = useState(0);
  const shown = environments[Math.min(at, environments.length - 1)];
  const index = shown ? environments.indexOf(shown) : -1;
  const add = (name: string) => {
    change({ environments: [...environments, { name, was: null, fields: [], config: {}, stored: [], credential: "" }] });
    setAt(environments.length);
  };
  const replace = (next: EnvironmentDraft) => {
    const renamed = shown?.name === standard ? { environment: next.name } : {};
    change({ environments: environments.map((each, number) => (number === index ? next : each)), ...renamed });
  };
  const remove = () => {
    change({ environments: environments.filter((_, number) => number !== index), ...(shown?.name === standard ? { environment: "" } : {}) });
    setAt(0);
  };
  return (
    <Stack gap="sm" component="section" aria-label="Environments">
      <Title order={2} size="h4">
        Environments
      </Title>
      <Text size="sm" c="dimmed">
        Staging, production and so on: a call can name one. What is not different there is as above, secrets too.
      </Text>
      <Add disabled={disabled} taken={environments.flatMap((each) => (each.was ? [each.name, each.was] : [each.name]))} add={add} />
      {shown && (
        <>
          <Select
            label="Used unless a call names another"
            data={[{ value: "", label: "None: the connection above" }, ...new Set(environments.map((each) => each.name))]}
            value={standard}
            onChange={(value) => change({ environment: value ?? "" })}
            allowDeselect={false}
            disabled={disabled}
          />
          <Select
            label="Environment"
            data={environments.map((each, number) => ({ value: String(number), label: each.name === standard ? `${each.name} (default)` : each.name }))}
            value={String(index)}
            onChange={(value) => setAt(Number(value))}
            allowDeselect={false}
          />
          <One
            key={index}
            fields={fields}
            environment={shown}
            others={environments.flatMap((each, number) => (number === index ? [] : [each.name]))}
            replace={replace}
            remove={remove}
            faults={faults}
            disabled={disabled}
          />
        </>
      )}
      {faults
        .filter((each) => each.pointer === "/environment" || each.pointer === "/environments")
        .map((each) => (
          <Alert key={each.message} color="red" role="alert">
            {each.message}
          </Alert>
        ))}
    </Stack>
  );
}

function Add({ taken, add, disabled }: { taken: readonly string[]; add: (name: string) => void; disabled: boolean }) {
  const [name, setName] = useState("");
  const wrong = name === "" ? "" : wrongName(name, taken);
  const submit = () => {
    if (name === "" || wrong !== "") return;
    add(name);
    setName("");
  };
  return (
    <Group gap="xs" align="flex-start">
      <TextInput
        aria-label="Name of a new environment"
        placeholder="staging"
        value={name}
        error={wrong || undefined}
        onChange={(event) => setName(event.currentTarget.value.trim())}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault(); // it would save the whole form
          submit();
        }}
        disabled={disabled}
      />
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={submit} disabled={disabled || name === "" || wrong !== ""}>
        Add an environment
      </Button>
    </Group>
  );
}

function One({
  fields,
  environment,
  others,
  replace,
  remove,
  faults,
  disabled,
}: {
  fields: Record<string, ConfigField>;
  environment: EnvironmentDraft;
  others: readonly string[];
  replace: (next: EnvironmentDraft) => void;
  remove: () => void;
  faults: readonly Fault[];
  disabled: boolean;
}) {
  const { name, config, fields: chosen } = environment;
  const set = (part: Partial<EnvironmentDraft>) => replace({ ...environment, ...part });
  const secret = chosen.filter((each) => fields[each]?.secret);
  const stored = environment.stored.filter((each) => chosen.includes(each) && config[each] === undefined);
  const referred = secret.filter((each) => typeof config[each] === "object" && config[each] !== null);
  const values = Object.fromEntries(Object.entries(config).filter(([each, value]) => !referred.includes(each) && value !== null));
  const beside = Object.fromEntries(Object.entries(config).filter(([each, value]) => referred.includes(each) || value === null));
  const choose = (next: string[]) => set({ fields: next, config: Object.fromEntries(Object.entries(config).filter(([each]) => next.includes(each))) });
  return (
    <Stack gap="sm" pl="md" style={{ borderLeft: "2px solid var(--mantine-color-default-border)" }}>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Name"
          value={name}
          error={wrongName(name, others) || undefined}
          onChange={(event) => set({ name: event.currentTarget.value.trim() })}
          disabled={disabled}
        />
        <Button variant="default" color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={remove} disabled={disabled}>
          Remove it
        </Button>
      </Group>
      <MultiSelect
        label="What is different there"
        data={Object.entries(fields).map(([field, { label }]) => ({ value: field, label: labelOf(field, label ? { title: label } : {}) }))}
        value={chosen}
        onChange={choose}
        disabled={disabled}
        searchable
      />
      {chosen.length > 0 && (
        <SchemaForm
          schema={different(fields, chosen)}
          value={values}
          onChange={(next) => set({ config: { ...beside, ...next } })}
          stored={[...stored, ...referred]}
          faults={faults}
          base={`/environments/${name}/config`}
          disabled={disabled}
        />
      )}
      <NamedSecrets fields={secret} stored={environment.stored} config={config} change={(next) => set({ config: next })} disabled={disabled} where={name} />
      <TextInput
        label="Credential"
        description="Id or name of the one that its calls use. Empty: the one that they would use anyway."
        value={environment.credential}
        maxLength={200}
        onChange={(event) => set({ credential: event.currentTarget.value })}
        disabled={disabled}
      />
    </Stack>
  );
}

/** The chosen fields alone: each wants a value, whatever the others have. */
function different(fields: Record<string, ConfigField>, chosen: readonly string[]) {
  const own = Object.entries(fields).filter(([name]) => chosen.includes(name));
  return connectionSchema(Object.fromEntries(own.map(([name, field]) => [name, { ...field, default: undefined, displayOptions: undefined, required: true }])));
}
