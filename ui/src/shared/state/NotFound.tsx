/** There is nothing at this address, or nothing that the person may see. */

import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { Link, useRouterState } from "@tanstack/react-router";

export function NotFound({ what = "page", up = "/", upLabel = "Home" }: { what?: string; up?: string; upLabel?: string }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <Stack gap="sm" py="xl" align="flex-start">
      <Title order={1} size="h2">
        There is no such {what}
      </Title>
      <Text>
        Nothing is at <Code>{path}</Code>, or nothing that you may see.
      </Text>
      <Button variant="default" renderRoot={(props) => <Link to={up} {...props} />}>
        {upLabel}
      </Button>
    </Stack>
  );
}
