/** The end of a form in a dialog: the way out, and what sends it. */

import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

export function FormEnd({
  label,
  leave,
  busy,
  ready,
  color,
  icon,
}: {
  label: string;
  leave: () => void;
  busy: boolean;
  /** Whether it can be sent. */
  ready: boolean;
  color?: string;
  icon?: ReactNode;
}) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={leave}>
        Cancel
      </Button>
      <Button type="submit" color={color} loading={busy} disabled={!ready} leftSection={icon}>
        {label}
      </Button>
    </Group>
  );
}
