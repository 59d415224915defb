/** A state as icon, word and colour: colour alone tells nothing to one in twelve. */

import { Group, Text, ThemeIcon } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconFlask,
  IconHelp,
  IconLoader2,
  IconPlayerPause,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

interface Look {
  word: string;
  color: string;
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
}

const LOOKS: Record<string, Look> = {
  COMPLETED: { word: "Completed", color: "green", icon: IconCheck },
  FAILED: { word: "Failed", color: "red", icon: IconX },
  CANCELLED: { word: "Cancelled", color: "gray", icon: IconBan },
  RUNNING: { word: "Running", color: "blue", icon: IconLoader2 },
  PENDING: { word: "Pending", color: "gray", icon: IconClock },
  AWAITING_INPUT: { word: "Waits for input", color: "yellow", icon: IconPlayerPause },
  UNKNOWN_OUTCOME: { word: "Outcome unknown", color: "orange", icon: IconHelp },
  ok: { word: "Works", color: "green", icon: IconCheck },
  failing: { word: "Failing", color: "red", icon: IconAlertTriangle },
  untested: { word: "Not tested", color: "gray", icon: IconClock },
  disabled: { word: "Disabled", color: "gray", icon: IconBan },
  mock: { word: "Mock", color: "violet", icon: IconFlask },
  connected: { word: "Connected", color: "green", icon: IconCheck },
  ready: { word: "Ready", color: "green", icon: IconCheck },
  expiring: { word: "Ends soon", color: "yellow", icon: IconClock },
  needs_reauthorization: { word: "Needs re-authorisation", color: "orange", icon: IconAlertTriangle },
  error: { word: "Does not work", color: "red", icon: IconX },
  "needs-credentials": { word: "Needs credentials", color: "yellow", icon: IconAlertTriangle },
};

/** A state's word alone, for lists to choose from. */
export function statusWord(is: string): string {
  return LOOKS[is]?.word ?? is;
}

export function Status({ is, word }: { is: string; word?: string }) {
  const look = LOOKS[is] ?? { word: is, color: "gray", icon: IconHelp };
  const Icon = look.icon;
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <ThemeIcon size={18} radius="xl" color={look.color} variant="light" component="span">
        <Icon size={12} aria-hidden />
      </ThemeIcon>
      <Text span size="sm">
        {word ?? look.word}
      </Text>
    </Group>
  );
}
