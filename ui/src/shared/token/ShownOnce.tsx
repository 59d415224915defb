/** The text of a new API token: in this dialog, and never again. */

import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Copied } from "~/shared/copy/Copied";

export function ShownOnce({ made, close }: { made: { text: string; name: string; user: string; /** The MCP endpoint that it opens, if it opens that alone. */ tried?: string } | null; close: () => void }) {
  return (
    <Modal
      opened={made !== null}
      onClose={close}
      closeOnClickOutside={false}
      title={made ? `Token “${made.name}” of ${made.user}` : ""}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {made && (
        <Stack gap="sm">
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
            It is not kept in a form that can be shown, and nobody can have it a second time. Who has it may do what it allows.
          </Alert>
          <Copied label="Token" text={made.text} />
          <Text size="sm">{made.tried ? "For Claude Code, in a terminal; for others, see “Connect”:" : "Try it in a terminal:"}</Text>
          <Copied label="Line for a terminal" text={tryIt(made.text, made.tried)} />
          <Group justify="flex-end">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function tryIt(token: string, endpoint = ""): string {
  const header = `-H "Authorization: Bearer ${token}"`;
  if (!endpoint) return `curl ${header} '${window.location.origin}/api/users/me'`;
  return `claude mcp add --transport http jackfield ${window.location.origin}${endpoint} --header "Authorization: Bearer ${token}"`;
}
