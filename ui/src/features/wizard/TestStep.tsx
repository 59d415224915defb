/** Runs the connector before it is there. That may fail: it can be saved all the same. */

import { Alert, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { asProblem } from "~/api/problem";
import { defaultsOf } from "~/shared/form/schema";
import { Failed } from "~/shared/state/Failed";
import { FormSkeleton } from "~/shared/state/Loading";
import { firstOf, TryPanel } from "~/shared/trial/TryPanel";
import type { Trying } from "~/shared/trial/useTrying";
import type { Definition } from "./definition";
import type { Draft } from "./draft";
import type { Body } from "./useBody";
import type { Change } from "./useDraft";

export function TestStep({ draft, change, definition, body, trying }: { draft: Draft; change: Change; definition: Definition; body: Body; trying: Trying }) {
  const [picked, setPicked] = useState("");
  const commands = definition.data?.commands ?? {};
  const chosen = picked in commands ? picked : firstOf(commands);
  const problem = definition.error ?? body.error;
  if (problem) return <Failed problem={asProblem(problem)} retry={definition.error ? definition.retry : body.retry} />;
  if (definition.data === undefined || body.body === undefined) return <FormSkeleton />;
  const run = () =>
    trying.mutate({
      connector: body.body ?? {},
      command: chosen,
      params: draft.params[chosen] ?? defaultsOf(commands[chosen]?.params ?? {}),
    });
  return (
    <Stack gap="md" maw={820}>
      <div>
        <Title order={2} size="h4">
          Test
        </Title>
        <Text size="sm" c="dimmed">
          The call is real, and nothing of the connector is kept. A test that fails does not keep you from saving.
        </Text>
      </div>
      {commands[chosen] && !commands[chosen].readsOnly && (
        <Alert color="yellow" py="xs">
          This command may change something at the service.
        </Alert>
      )}
      <Paper withBorder p="md">
        <TryPanel
          commands={commands}
          trying={trying}
          chosen={chosen}
          choose={setPicked}
          params={draft.params}
          setParams={(command, values) => change({ params: { ...draft.params, [command]: values } })}
          run={run}
        />
      </Paper>
    </Stack>
  );
}
