/** The result of the last run as a model reads it, beside all of it. */

import { Badge, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import { readByModelQuery } from "~/api/tools";
import { JsonView } from "~/shared/json/JsonView";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { tokenWords } from "~/shared/tools/cost";
import type { Run } from "./input";

const CHARACTERS_A_TOKEN = 4;

export function ModelResult({ run, retry }: { run: Run | null; retry: () => void }) {
  return (
    <Stack gap="sm" component="section" aria-label="Result as the model reads it">
      {run?.state === "answered" ? (
        <Both run={run} />
      ) : run?.state === "refused" ? (
        <Failed problem={run.problem} retry={run.problem.errors.length > 0 ? undefined : retry} />
      ) : (
        <Text size="sm" c="dimmed" role="status">
          {run?.state === "running" ? "Running" : "Run the command to see its result as a model reads it."}
        </Text>
      )}
    </Stack>
  );
}

function Both({ run }: { run: Extract<Run, { state: "answered" }> }) {
  const { answer } = run;
  const id = typeof answer.metadata.executionId === "string" ? answer.metadata.executionId : "";
  const raw = answer.success ? answer.payload : { error: answer.error, code: answer.code, ...answer.diagnostics };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="xs">
        <Title order={3} size="h5">
          As the model reads it
        </Title>
        {id ? <Read id={id} whole={JSON.stringify(raw ?? null).length} /> : <Text size="sm">Nothing was called, so there is nothing to read.</Text>}
      </Stack>
      <Stack gap="xs">
        <Title order={3} size="h5">
          All of it
        </Title>
        <JsonView label="All of it" value={raw} />
      </Stack>
    </SimpleGrid>
  );
}

function Read({ id, whole }: { id: string; /** Characters of all of it. */ whole: number }) {
  const { data, error, refetch } = useQuery(readByModelQuery(id));
  if (error) return <Failed problem={asProblem(error)} retry={() => void refetch()} />;
  if (!data) return <TableSkeleton rows={3} />;
  return (
    <>
      <Group gap="xs">
        <Badge variant="outline" tt="none" color={data.shortened ? "yellow" : "gray"} c="var(--mantine-color-text)">
          {data.shortened ? "Shortened" : "Whole"}
        </Badge>
        <Text size="sm">
          {data.text.length.toLocaleString("en")} of {whole.toLocaleString("en")} characters, {tokenWords(Math.ceil(data.text.length / CHARACTERS_A_TOKEN))}
        </Text>
      </Group>
      <JsonView label="As the model reads it" value={data.text} />
      {data.shortened && <Text size="sm">It asks for the rest with the tool retrieve_tool_result, by the id in its result.</Text>}
    </>
  );
}
