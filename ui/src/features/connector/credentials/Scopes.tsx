/** What was asked for at the service, and what of it was granted. */

import { Badge, Group } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Credential } from "~/api/credentials";
import { missingScopes } from "./words";

export function Scopes({ credential }: { credential: Credential }) {
  const { scopesAsked, scopesGranted } = credential;
  const missing = missingScopes(credential);
  const granted = scopesGranted ?? scopesAsked;
  if (granted.length === 0 && missing.length === 0) return null;
  return (
    <Group gap={4} role="list" aria-label="Scopes">
      {granted.map((each) => (
        <Badge key={each} role="listitem" variant="default" size="sm" tt="none" fw={500}>
          {each}
          {scopesAsked.includes(each) ? "" : " (not asked for)"}
        </Badge>
      ))}
      {missing.map((each) => (
        <Badge key={each} role="listitem" variant="outline" color="orange" c="var(--mantine-color-text)" size="sm" tt="none" fw={500} leftSection={<IconX size={10} aria-hidden />}>
          {each}: not granted
        </Badge>
      ))}
    </Group>
  );
}
