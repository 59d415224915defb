/** The name, and the fields of the connection. They may be left for later. */

import { Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { connectionSchema } from "~/api/connectors";
import { isKeptSecret } from "~/api/drafts";
import { asProblem, type Fault } from "~/api/problem";
import { SchemaForm } from "~/shared/form/SchemaForm";
import { Failed } from "~/shared/state/Failed";
import { FormSkeleton } from "~/shared/state/Loading";
import type { Definition } from "./definition";
import type { Draft } from "./draft";
import { NameFields } from "./NameFields";
import { StoredSecrets } from "./StoredSecrets";
import { secretsOf } from "./useBody";
import type { Change } from "./useDraft";

export function ConfigureStep({
  draft,
  change,
  definition,
  faults,
  shown,
  next,
}: {
  draft: Draft;
  change: Change;
  definition: Definition;
  /** Of the server, about the whole body. */
  faults: readonly Fault[];
  /** The person has tried to go on. */
  shown: boolean;
  next: () => void;
}) {
  const fields = definition.data?.fields;
  const secrets = secretsOf(definition);
  const referred = Object.entries(draft.config).flatMap(([name, value]) => (secrets.includes(name) && typeof value === "object" && !isKeptSecret(value) ? [name] : []));
  const own = fields && Object.fromEntries(Object.entries(fields).filter(([name]) => !referred.includes(name)));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
    <Stack gap="md" maw={640}>
      <Title order={2} size="h4">
        Name
      </Title>
      <NameFields draft={draft} change={change} definition={definition} shown={shown} />
      <Title order={2} size="h4">
        Connection
      </Title>
      {definition.error !== null && definition.error !== undefined && <Failed problem={asProblem(definition.error)} retry={definition.retry} />}
      {fields === undefined && !definition.error && <FormSkeleton fields={3} />}
      {fields && Object.keys(fields).length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing has to be filled in.
        </Text>
      )}
      {own && Object.keys(own).length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            What is left empty can be filled in later, at the connector.
          </Text>
          <SchemaForm
            schema={connectionSchema(own)}
            value={draft.config}
            onChange={(config) => change({ config, secrets })}
            faults={faults.filter((each) => each.pointer.startsWith("/config"))}
            base="/config"
            stored={secrets.filter((name) => isKeptSecret(draft.config[name]))}
          />
        </>
      )}
      {fields && secrets.length > 0 && <StoredSecrets fields={secrets} config={draft.config} onChange={(config) => change({ config, secrets })} />}
      <VisuallyHidden>
        <button type="submit" tabIndex={-1} aria-hidden="true">
          Next
        </button>
      </VisuallyHidden>
    </Stack>
    </form>
  );
}
