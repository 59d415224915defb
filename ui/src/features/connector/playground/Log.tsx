/** The lines that a command logged. */

import { Badge, Group, Stack, Text } from "@mantine/core";
import type { Answer } from "~/api/connectors";

interface LogLine {
  level: string;
  message: string;
}

export function logOf(answer: Answer): LogLine[] {
  return Array.isArray(answer.metadata.log) ? (answer.metadata.log as LogLine[]) : [];
}

export function Log({ lines, leftOut }: { lines: readonly LogLine[]; leftOut: number }) {
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It logged nothing.
      </Text>
    );
  }
  return (
    <Stack gap={2} mah={360} style={{ overflow: "auto" }} tabIndex={0} role="region" aria-label="Log">
      {lines.map((line, at) => (
        <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
          <Badge size="xs" variant="outline" color="gray" c="var(--mantine-color-text)" w={54} style={{ flexShrink: 0 }} mt={3}>
            {line.level}
          </Badge>
          <Text size="sm" ff="monospace" style={{ whiteSpace: "pre-wrap" }}>
            {line.message}
          </Text>
        </Group>
      ))}
      {leftOut > 0 && <Text size="sm">{leftOut} more were left out.</Text>}
    </Stack>
  );
}
