/** What the connector is called, checked while it is typed. */

import { Group, Text, TextInput, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { nameFault, NAME_RULE, takenQuery } from "~/api/creating";
import type { Definition } from "./definition";
import type { Draft } from "./draft";
import type { Change } from "./useDraft";
import { nameOf } from "./useBody";

const PAUSE_MS = 250;

export function useTaken(draft: Draft, definition: Definition) {
  const name = nameOf(draft, definition);
  const [asked] = useDebouncedValue(name, PAUSE_MS);
  const query = useQuery(takenQuery(draft.namespace || "default", asked));
  return { taken: query.data === true && asked === name, free: query.data === false && asked === name };
}

export function NameFields({ draft, change, definition, shown }: { draft: Draft; change: Change; definition: Definition; shown: boolean }) {
  const name = nameOf(draft, definition);
  const { taken, free } = useTaken(draft, definition);
  const fault = nameFault(name) || (taken ? `There is a connector “${name}” already.` : "") || (shown && !name ? "A name is needed." : "");
  return (
    <>
      <Group gap="sm" align="flex-start">
        <TextInput
          label="Name"
          description={NAME_RULE}
          required
          value={draft.name}
          placeholder={definition.data?.name || "acme-prod"}
          error={fault || undefined}
          onChange={(event) => change({ name: event.currentTarget.value.trim() })}
          autoComplete="off"
          data-pointer="/name"
          style={{ flex: "2 1 220px" }}
          rightSection={free && !fault ? <IconCheck size={16} aria-hidden color="var(--mantine-color-anchor)" /> : null}
        />
        <TextInput
          label="Namespace"
          description="A group of connectors."
          value={draft.namespace}
          error={nameFault(draft.namespace) || undefined}
          onChange={(event) => change({ namespace: event.currentTarget.value.trim() })}
          autoComplete="off"
          style={{ flex: "1 1 140px" }}
        />
      </Group>
      <Text size="xs" c="dimmed" role="status" mt={-8}>
        {free && !fault ? `“${name}” is free.` : ""}
      </Text>
      <Textarea
        label="Description"
        placeholder={definition.data?.description}
        value={draft.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={6}
      />
      <Group gap="sm" align="flex-start">
        <TextInput
          label="Display name"
          placeholder={definition.data?.displayName}
          value={draft.displayName}
          onChange={(event) => change({ displayName: event.currentTarget.value })}
          autoComplete="off"
          style={{ flex: "1 1 200px" }}
        />
        {draft.kind !== "built_in" && (
          <TextInput
            label="Category"
            placeholder="such as crm"
            value={draft.category}
            onChange={(event) => change({ category: event.currentTarget.value })}
            autoComplete="off"
            style={{ flex: "1 1 200px" }}
          />
        )}
      </Group>
    </>
  );
}
