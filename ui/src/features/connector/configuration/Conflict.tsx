/** Somebody else was quicker: what they changed, and how to go on without losing what was typed. */

import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import type { Connector } from "~/api/types";
import { changedMeanwhile } from "./draft";

export function Conflict({ base, newest, take, discard }: { base: Connector; newest: Connector; take: () => void; discard: () => void }) {
  const changed = changedMeanwhile(base, newest);
  return (
    <Alert color="yellow" icon={<IconGitMerge aria-hidden />} title="Somebody else changed this connector while you did" role="alert">
      {changed.length > 0 ? (
        <>
          <Text size="sm">What they changed:</Text>
          <List size="sm">
            {changed.map((each) => (
              <List.Item key={each}>{each}</List.Item>
            ))}
          </List>
        </>
      ) : (
        <Text size="sm">What they changed is not shown here: a secret, or its type.</Text>
      )}
      <Group gap="xs" mt="sm">
        <Button size="xs" onClick={take} disabled={base.revision === newest.revision}>
          Load theirs and keep what I typed
        </Button>
        <Button size="xs" variant="default" onClick={discard}>
          Load theirs and drop what I typed
        </Button>
      </Group>
      <Text size="sm" mt="xs">
        Nothing is saved until you save again.
      </Text>
    </Alert>
  );
}
