/** The input that a waiting call goes on with. */

import { Alert, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPause } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { continueExecution } from "~/api/executions";
import { asProblem } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";

export function ContinueForm({ id }: { id: string }) {
  const [text, setText] = useState("{}");
  const client = useQueryClient();
  const refusal = useRefusal("execute");
  const input = objectOf(text);
  const go = useMutation({
    mutationFn: () => continueExecution(id, input),
    onSuccess: () => {
      setText("{}");
      notifications.show({ message: "The call goes on." });
      void client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  const run = () => input && !refusal && !go.isPending && go.mutate();
  return (
    <Alert color="yellow" icon={<IconPlayerPause aria-hidden />} title="This call waits for input">
      <UnsavedGuard dirty={text !== "{}"} />
      <Stack gap="sm">
        <Text size="sm">Write what it goes on with as a JSON object.</Text>
        <CodeEditor label="Input" language="json" value={text} onChange={setText} onRun={run} minHeight={110} />
        {!input && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            This is not a JSON object.
          </Text>
        )}
        {go.error && <Failed problem={asProblem(go.error)} />}
        <Group>
          <RefusedButton refusal={refusal} loading={go.isPending} disabled={!input} onClick={run}>
            Continue
          </RefusedButton>
        </Group>
      </Stack>
    </Alert>
  );
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
