/** Why a definition was not saved, and what can be done about it. */

import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconVersions } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { Failed } from "~/shared/state/Failed";

export function SaveProblem({ error, retry, bump, connector }: { error: unknown; retry: () => void; bump: () => void; connector: Connector }) {
  const client = useQueryClient();
  if (!error) return null;
  const problem = asProblem(error);
  if (problem.code === "version-too-low") {
    return (
      <Alert color="yellow" icon={<IconVersions aria-hidden />} title="This change breaks calls that work now" role="alert" styles={{ title: { color: "var(--mantine-color-text)" } }}>
        <Stack gap="xs">
          <Text size="sm">{problem.message}.</Text>
          {problem.errors.length > 0 && (
            <List size="sm">
              {problem.errors.map((each) => (
                <List.Item key={each.pointer + each.message}>{each.message}</List.Item>
              ))}
            </List>
          )}
          <Text size="sm">Other connectors use this type, too. They get the new version as soon as it is saved.</Text>
          <Group>
            <Button size="xs" onClick={bump}>
              Save with the version that this needs
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  }
  if (problem.code === "revision-conflict") {
    const reload = () => void client.invalidateQueries({ queryKey: ["connectors", connector.namespace, connector.name] });
    return (
      <Alert color="yellow" title="Somebody else has saved this connector meanwhile" role="alert" styles={{ title: { color: "var(--mantine-color-text)" } }}>
        <Stack gap="xs">
          <Text size="sm">What you typed is kept. Load the newest revision, then save again: what stands here takes the place of theirs.</Text>
          <Group>
            <Button size="xs" variant="default" onClick={reload}>
              Load the newest revision
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  }
  return <Failed title="It was not saved" problem={problem} retry={retry} />;
}
