/** Nothing here yet, or nothing that fits the filters. */

import { Button, Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";

export function EmptyFirst({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  title: string;
  /** What this is good for. */
  children: ReactNode;
  /** The one thing to do first. */
  action?: ReactNode;
}) {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm" maw={480} ta="center">
        <ThemeIcon size={48} variant="light" radius="xl">
          <Icon size={26} aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text component="div" c="dimmed" size="sm">
          {children}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}

export function EmptyFiltered({ what, clear }: { what: string; clear: () => void }) {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm">
        <ThemeIcon size={40} variant="light" color="gray" radius="xl">
          <IconFilterOff size={22} aria-hidden />
        </ThemeIcon>
        <Text>No {what} fits the filters.</Text>
        <Button variant="default" size="xs" onClick={clear}>
          Clear the filters
        </Button>
      </Stack>
    </Center>
  );
}
