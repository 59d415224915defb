/** The fields of a connection, and what else is set for a connector. Secrets go in and never come out. */

import { Alert, Button, Divider, Group, Stack, Text, Title } from "@mantine/core";
import { IconDeviceFloppy, IconLock } from "@tabler/icons-react";
import { addressOf, configSchemaOf, connectionSchema } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { SchemaForm } from "~/shared/form/SchemaForm";
import { useModKey } from "~/shared/keys/useModKey";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { NOT_STORED } from "../overview/StatusPanel";
import { secretNames, yamlOf } from "../yaml";
import { Conflict } from "./Conflict";
import { withoutSecrets } from "./hidden";
import { Environments } from "./Environments";
import { NamedSecrets } from "./NamedSecrets";
import { Others } from "./Others";
import { isConflict, useDraft } from "./useDraft";

export default function Configuration({ connector }: { connector: Connector }) {
  const { base, draft, change, changes, dirty, save, problem, takeNewest, discard } = useDraft(connector);
  const { connectionConfig } = configSchemaOf(connector);
  const refusal = useRefusal("manage") || (connector.stored ? "" : NOT_STORED);
  const disabled = refusal !== "";
  const submit = () => dirty && !disabled && !save.isPending && save.mutate();
  useModKey("s", submit);
  const secret = Object.keys(connectionConfig).filter((name) => connectionConfig[name]?.secret);
  const referred = secret.filter((name) => typeof draft.config[name] === "object" && draft.config[name] !== null);
  const shown = Object.fromEntries(Object.entries(draft.config).filter(([name, value]) => !referred.includes(name) && value !== null));
  const faults = problem && !isConflict(problem) ? problem.errors : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {/* Password managers, and browsers, ask whose secrets these are. */}
      <input type="text" name="username" autoComplete="username" value={`${connector.namespace}/${connector.name}`} readOnly hidden />
      <Stack gap="lg" maw={680}>
        {disabled && (
          <Alert color="gray" icon={<IconLock aria-hidden />} title="You can look, and not change">
            {refusal}
          </Alert>
        )}
        <Stack gap="sm">
          <Title order={2} size="h4">
            Connection
          </Title>
          {Object.keys(connectionConfig).length === 0 ? (
            <Text size="sm" c="dimmed">
              This connector needs no connection: it has no fields.
            </Text>
          ) : (
            <SchemaForm
              schema={connectionSchema(connectionConfig)}
              value={shown}
              onChange={(next) => change({ config: { ...pick(draft.config, referred), ...cleared(draft.config, base.config), ...next } })}
              stored={[...secretNames(base).filter((name) => draft.config[name] === undefined), ...referred]}
              faults={faults}
              base="/config"
              disabled={disabled}
            />
          )}
          <NamedSecrets fields={secret} stored={secretNames(base)} config={draft.config} change={(config) => change({ config })} disabled={disabled} />
        </Stack>
        {Object.keys(connectionConfig).length > 0 && (
          <Environments fields={connectionConfig} draft={draft} change={change} faults={faults} disabled={disabled} />
        )}
        <Divider />
        <Others draft={draft} change={change} faults={faults} disabled={disabled} />
        {/* What went wrong stands where it was saved, wherever the page is scrolled to. */}
        <div style={{ position: "sticky", bottom: 0, background: "var(--mantine-color-body)", zIndex: 2 }}>
          {problem && isConflict(problem) && <Conflict base={base} newest={connector} take={takeNewest} discard={discard} />}
          {problem && !isConflict(problem) && <Failed problem={problem} />}
          <Group gap="xs" py="xs">
            <RefusedButton refusal={refusal} type="submit" loading={save.isPending} disabled={!dirty} leftSection={<IconDeviceFloppy size={16} aria-hidden />}>
              Save
            </RefusedButton>
            <Button variant="default" disabled={!dirty} onClick={discard}>
              Undo all
            </Button>
            <CopyAs
              snippets={[
                { name: "YAML", text: yamlOf(connector) },
                curl({ method: "PUT", path: addressOf(connector), body: withoutSecrets(dirty ? changes : { config: shown }, secret) }),
                { name: "Command line", text: `jackfield connectors update ${connector.namespace}/${connector.name} FILE.yaml` },
              ]}
            />
            <Text size="sm" c="dimmed" aria-live="polite">
              {dirty ? "Not saved yet. Ctrl+S saves." : ""}
            </Text>
          </Group>
        </div>
      </Stack>
      <UnsavedGuard dirty={dirty && !save.isPending} />
    </form>
  );
}

/** Fields that had a value and are empty now: a change, too. */
function cleared(draft: Record<string, unknown>, base: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(base).flatMap((name) => (draft[name] === null ? [[name, null]] : [])));
}

function pick(values: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
