/** The person may not see this. Says what it takes, and who can give it. */

import { Alert, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { Problem } from "~/api/problem";

export function Denied({ problem }: { problem: Problem }) {
  return (
    <Alert color="yellow" icon={<IconLock aria-hidden />} title="You may not see this" role="alert" m="xs">
      <Text size="sm">{problem.message}.</Text>
      <Text size="sm">{problem.hint || "An administrator can make a token that allows it, under “API tokens”."}</Text>
    </Alert>
  );
}
