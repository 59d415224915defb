/** The text of a new API token: in this dialog, and never again. */

import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";

export function ShownOnce({ made, close }: { made: { text: string; name: string; user: string } | null; close: () => void }) {
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
          <Text size="sm">Try it in a terminal:</Text>
          <Copied label="Line for a terminal" text={`curl -H "Authorization: Bearer ${made.text}" '${window.location.origin}/api/users/me'`} />
          <Group justify="flex-end">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block tabIndex={0} role="region" aria-label={label} style={{ flex: 1, minWidth: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            onClick={copy}
            aria-label={`Copy: ${label}`}
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          >
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
