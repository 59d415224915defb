/** Whether new calls come in by themselves, and those that wait to be shown. */

import { Alert, Button, Group, Switch, Text } from "@mantine/core";
import { IconArrowUp, IconCloudOff } from "@tabler/icons-react";
import type { LiveState } from "~/shared/live/useLive";
import { Ago } from "~/shared/time/Ago";

export function LiveSwitch({ live, setLive, state, refusal }: { live: boolean; setLive: (on: boolean) => void; state: LiveState; refusal: string }) {
  return (
    <Switch
      label={live && state === "open" ? "Live" : "Follow live"}
      size="sm"
      checked={live && !refusal}
      disabled={Boolean(refusal)}
      description={refusal || undefined}
      onChange={(event) => setLive(event.currentTarget.checked)}
    />
  );
}

export function Waiting({ count, missed, show }: { count: number; missed: boolean; show: () => void }) {
  const text = missed ? "New calls: read the list again" : count === 1 ? "1 new call" : `${count} new calls`;
  return (
    <div aria-live="polite" style={{ position: "sticky", top: 60, zIndex: 2, height: 0, overflow: "visible" }}>
      {(count > 0 || missed) && (
        <Group justify="center" style={{ transform: "translateY(-14px)" }}>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} aria-hidden />}
            onClick={() => {
              show();
              window.scrollTo({ top: 0 });
            }}
          >
            {text}
          </Button>
        </Group>
      )}
    </div>
  );
}

export function Interrupted({ state, since, stop }: { state: LiveState; since: number; stop: () => void }) {
  if (state !== "reconnecting" && state !== "refused") return null;
  return (
    <Alert color="yellow" icon={<IconCloudOff aria-hidden />} py="xs" role="status">
      <Group justify="space-between">
        <Text size="sm">
          {state === "refused" ? "This server does not send new calls now. Trying again." : "The connection is gone. Reconnecting."} New calls are missing since{" "}
          <Ago at={new Date(since).toISOString()} />.
        </Text>
        <Button size="compact-xs" variant="default" onClick={stop}>
          Stop following
        </Button>
      </Group>
    </Alert>
  );
}
