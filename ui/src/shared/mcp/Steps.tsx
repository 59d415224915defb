/** The steps of a check, each with its time, and why it failed. */

import { Alert, Code, Group, List, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconLoader2, IconX } from "@tabler/icons-react";
import { duration } from "~/shared/time/Ago";
import type { Step } from "./checking";
import { failureWords } from "./words";

const LOOKS = {
  running: { color: "blue", icon: IconLoader2, word: "Running" },
  done: { color: "green", icon: IconCheck, word: "Done" },
  failed: { color: "red", icon: IconX, word: "Failed" },
};

export function Steps({ steps, over }: { steps: readonly Step[]; over: boolean }) {
  const good = over && steps.every((each) => each.state === "done");
  return (
    <Stack gap="sm" role="region" aria-label="Steps of the check" aria-live="polite">
      <List listStyleType="none" spacing="sm">
        {steps.map((each) => (
          <List.Item key={each.name} styles={{ itemWrapper: { display: "block" }, itemLabel: { display: "block" } }}>
            <Line step={each} />
          </List.Item>
        ))}
      </List>
      {good && (
        <Text size="sm" fw={600}>
          The endpoint works.
        </Text>
      )}
    </Stack>
  );
}

function Line({ step }: { step: Step }) {
  const { color, icon: Icon, word } = LOOKS[step.state];
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <ThemeIcon size={20} radius="xl" color={color} variant="light">
          <Icon size={13} aria-hidden />
        </ThemeIcon>
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {step.name}
        </Text>
        <Text size="sm">{word}</Text>
        {step.ms !== undefined && (
          <Text size="sm" c="dimmed" className="tabular">
            {duration(step.ms)}
          </Text>
        )}
      </Group>
      {step.told && <Text size="sm">{step.told}</Text>}
      {step.error !== undefined && <Why error={step.error} />}
      {step.shown && (
        <Code block tabIndex={0} role="region" aria-label={`What came back: ${step.name}`} mah={220} style={{ overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {step.shown}
        </Code>
      )}
    </Stack>
  );
}

function Why({ error }: { error: unknown }) {
  const { title, about } = failureWords(error);
  return (
    <Alert color="red" title={title} role="alert" py="xs">
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {about}
      </Text>
    </Alert>
  );
}
