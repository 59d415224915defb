/** Why tools that were chosen are not there. */

import { Alert, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ToolProblem } from "~/api/tools";

export function Problems({ problems }: { problems: readonly ToolProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Some tools are missing" role="status">
      <List size="sm">
        {problems.map((each) => (
          <List.Item key={each.message}>
            {each.message}. {each.hint && <Text span size="sm">{each.hint}</Text>}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
