/** What running a command means: it reads, it writes, it may destroy. */

import { Badge, Group } from "@mantine/core";

export interface Marked {
  readsOnly: boolean;
  destructive: boolean;
  deprecated: boolean;
}

/** In a word, for lists. */
export function riskOf(command: Marked): "reads" | "writes" | "destructive" {
  return command.destructive ? "destructive" : command.readsOnly ? "reads" : "writes";
}

const LOOKS = { reads: { word: "Reads", color: "gray" }, writes: { word: "Writes", color: "blue" }, destructive: { word: "May destroy", color: "red" } };

export function CommandMarks({ command }: { command: Marked }) {
  const { word, color } = LOOKS[riskOf(command)];
  return (
    <Group gap={4} component="span">
      <Badge size="xs" variant="outline" tt="none" color={color} c="var(--mantine-color-text)">
        {word}
      </Badge>
      {command.deprecated && (
        <Badge size="xs" variant="outline" tt="none" color="yellow" c="var(--mantine-color-text)">
          Deprecated
        </Badge>
      )}
    </Group>
  );
}
