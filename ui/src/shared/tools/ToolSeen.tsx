/** What the model sees of a choice with one command, or why it sees nothing. */

import { Alert, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import { choiceQuery } from "~/api/tools";
import type { Choice } from "~/shared/choice/choice";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { ToolShown } from "./ToolShown";

const WAIT_MS = 300;

export function ToolSeen({ choice }: { choice: Choice }) {
  const [asked] = useDebouncedValue(choice, WAIT_MS);
  const { data, error, refetch } = useQuery(choiceQuery(asked));
  if (error) return <Failed problem={asProblem(error)} retry={() => void refetch()} />;
  if (!data) return <TableSkeleton rows={10} />;
  const [tool] = data.tools;
  const [problem] = data.problems;
  if (problem || !tool) {
    return (
      <Alert color="yellow" title="The model does not see it" role="status">
        <Text size="sm">{problem ? `${problem.message}.` : "It is not among the tools."}</Text>
        {problem?.hint && <Text size="sm">{problem.hint}</Text>}
      </Alert>
    );
  }
  return <ToolShown tool={tool} />;
}
