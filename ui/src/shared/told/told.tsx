/** A word at the edge of the screen about what was done, and how to take it back. */

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { asProblem } from "~/api/problem";

const SHOWN_MS = 8_000;

export function told(message: string, { undo, failed = false }: { undo?: () => Promise<unknown>; failed?: boolean } = {}): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button size="compact-sm" variant="default" onClick={() => takeBack()}>
            Undo
          </Button>
        )}
      </Group>
    ),
    color: failed ? "red" : "green",
    autoClose: SHOWN_MS,
    closeButtonProps: { "aria-label": "Close" },
    role: failed ? "alert" : "status",
  });
  const takeBack = () => {
    notifications.hide(id);
    undo?.().catch((error: unknown) => told(asProblem(error).message, { failed: true }));
  };
}
