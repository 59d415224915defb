/** What a call did that was tried: its result, its log, what it has sent and used. */

import { Alert, Badge, Code, Group, ScrollArea, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { Trial } from "~/api/trying";
import { Requests } from "./Requests";
import { Used, type UsedLimits } from "./Used";
import { hintOf, lineOf, ruleOf, titleOf } from "./explain";

export function TrialResult({ trial, limits }: { trial: Trial; limits?: UsedLimits }) {
  return (
    <Stack gap="sm" role="status" aria-label="Result of the test">
      {trial.success ? <Worked /> : <Refused trial={trial} />}
      {trial.payload !== undefined && trial.payload !== null && <Json label="Payload" value={trial.payload} />}
      {Object.keys(trial.variables ?? {}).length > 0 && <Json label="Variables" value={trial.variables} />}
      {!trial.success && Object.keys(trial.diagnostics ?? {}).length > 0 && <Json label="Diagnostics" value={trial.diagnostics} />}
      <Log trial={trial} />
      <Requests trial={trial} />
      <Used usage={trial.usage} limits={limits} />
    </Stack>
  );
}

function Worked() {
  return (
    <Alert color="green" icon={<IconCircleCheck aria-hidden />} title="It works" py="xs" styles={{ title: { color: "var(--mantine-color-text)" } }}>
      Nothing is saved yet.
    </Alert>
  );
}

function Refused({ trial }: { trial: Trial }) {
  const [rule, hint, place] = [ruleOf(trial), hintOf(trial), lineOf(trial)];
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={titleOf(trial)}>
      <Stack gap={4}>
        <Text size="sm">{trial.error}</Text>
        {rule && <Text size="sm">The rule: {rule}.</Text>}
        {place && <Text size="sm">At line {place.line} of the script.</Text>}
        {hint && <Text size="sm">What to do: {hint}.</Text>}
        {trial.code && (
          <Text size="xs">
            <Code>{trial.code}</Code>
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <Title order={3} size="sm" mb={4}>
        {label}
      </Title>
      <ScrollArea.Autosize mah={300} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
        <Code block>{JSON.stringify(value, null, 2)}</Code>
      </ScrollArea.Autosize>
    </div>
  );
}

const LEVELS: Record<string, string> = { error: "red", warn: "orange", info: "blue" };

function Log({ trial: { logs, leftOut } }: { trial: Trial }) {
  if (logs.length === 0) return null;
  return (
    <div>
      <Title order={3} size="sm" mb={4}>
        Log
      </Title>
      <ScrollArea.Autosize mah={220} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Log" }}>
        <Stack gap={2} component="ol" p={0} m={0} style={{ listStyle: "none" }}>
          {logs.map((line, at) => (
            <Group key={at} component="li" gap="xs" wrap="nowrap" align="flex-start">
              <Badge size="xs" variant="outline" color={LEVELS[line.level] ?? "gray"} w={58} style={{ flexShrink: 0, color: "var(--mantine-color-text)" }} mt={3}>
                {line.level}
              </Badge>
              <Text size="xs" ff="monospace" style={{ whiteSpace: "pre-wrap" }}>
                {line.message}
              </Text>
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      {(leftOut?.logs ?? 0) > 0 && (
        <Text size="xs" c="dimmed">
          {leftOut.logs} more lines were not kept.
        </Text>
      )}
    </div>
  );
}
