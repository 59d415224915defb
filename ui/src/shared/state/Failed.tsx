/** Something went wrong: what, what to do, and the id under which the server's log knows it. */

import { Alert, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Problem } from "~/api/problem";
import { Denied } from "./Denied";

export function Failed({ problem, retry, title }: { problem: Problem; retry?: () => void; title?: string }) {
  if (problem.status === 403) return <Denied problem={problem} />;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title ?? problem.message} role="alert" m="xs">
      <Stack gap="xs">
        {title && <Text size="sm">{problem.message}</Text>}
        {problem.hint && <Text size="sm">{problem.hint}</Text>}
        {problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map((each) => (
              <List.Item key={`${each.pointer} ${each.message}`}>
                {each.pointer && <Code>{each.pointer}</Code>} {each.message}
              </List.Item>
            ))}
          </List>
        )}
        <Group gap="sm">
          {retry && (
            <Button size="xs" variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          <Text size="xs">
            <Code>{problem.code}</Code>
            {problem.requestId && (
              <>
                {" "}
                request <Code>{problem.requestId}</Code>
              </>
            )}
          </Text>
        </Group>
      </Stack>
    </Alert>
  );
}
