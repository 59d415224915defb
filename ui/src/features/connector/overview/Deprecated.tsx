/** Commands that will go away, and what to use instead. */

import { Alert, Code, List } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import type { Command } from "~/api/connectors";

export function Deprecated({ commands }: { commands: Record<string, Command> }) {
  const old = Object.entries(commands).filter(([, each]) => each.deprecated);
  if (old.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconClockExclamation aria-hidden />} title={`${old.length} ${old.length === 1 ? "command is" : "commands are"} deprecated`}>
      <List size="sm">
        {old.map(([name, each]) => (
          <List.Item key={name}>
            <Code>{name}</Code> {each.deprecatedMessage}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
