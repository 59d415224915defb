/** How a sign-in goes: where to look, what went wrong, and how to try once more. */

import { Alert, Button, Code, Group, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconWindow } from "@tabler/icons-react";
import { Failed } from "~/shared/state/Failed";
import type { SignInControl } from "./useSignIn";

export function SignInProgress({ control, service, again }: { control: SignInControl; /** Name of the connector. */ service: string; again: () => void }) {
  const { now, reopen, giveUp } = control;
  switch (now.state) {
    case "idle":
    case "connected":
      return null;
    case "starting":
    case "leaving":
      return (
        <Group gap="sm" role="status">
          <Loader size="sm" aria-hidden />
          <Text size="sm">{now.state === "leaving" ? "Your browser opens no window, so this page goes to the service itself, and comes back." : "Asking for the way to the service…"}</Text>
        </Group>
      );
    case "waiting":
      return now.gone ? (
        <Alert color="yellow" icon={<IconWindow aria-hidden />} title="The window is closed" role="alert">
          <Text size="sm">
            Nothing has changed yet. If you closed it, open it once more; if you are still signing in to {service}, go on there: this page notices when it is done.
          </Text>
          <Buttons>
            <Button size="xs" onClick={reopen}>
              Open it again
            </Button>
            <Button size="xs" variant="default" onClick={giveUp}>
              Stop waiting
            </Button>
          </Buttons>
        </Alert>
      ) : (
        <Stack gap="xs" role="status">
          <Group gap="sm">
            <Loader size="sm" aria-hidden />
            <Text size="sm">Sign in to {service} in the other window. This page notices when it is done.</Text>
          </Group>
          <Buttons>
            <Button size="xs" variant="default" onClick={reopen}>
              Show the window
            </Button>
            <Button size="xs" variant="default" onClick={giveUp}>
              Stop waiting
            </Button>
          </Buttons>
        </Stack>
      );
    case "failed":
      return (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="The account was not connected" role="alert">
          <Text size="sm">{sentence(now.reason)} What was there before is as it was.</Text>
          {now.code && (
            <Text size="xs" mt={4}>
              <Code>{now.code}</Code>
            </Text>
          )}
          <Buttons>
            <Button size="xs" onClick={again}>
              Try again
            </Button>
            <Button size="xs" variant="default" onClick={giveUp}>
              Leave it
            </Button>
          </Buttons>
        </Alert>
      );
    case "refused":
      return <Failed problem={now.problem} retry={again} />;
  }
}

function Buttons({ children }: { children: React.ReactNode }) {
  return (
    <Group gap="xs" mt="xs">
      {children}
    </Group>
  );
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
