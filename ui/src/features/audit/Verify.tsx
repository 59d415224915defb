/** Checks that nobody has touched the log. */

import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { verifyAudit } from "~/api/audit";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";

export function Verify({ opened, close }: { opened: boolean; close: () => void }) {
  const [anchor, setAnchor] = useState("");
  const check = useMutation({ mutationFn: () => verifyAudit(anchor.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  const found = check.data;
  return (
    <Modal opened={opened} onClose={close} title="Verify the audit log" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">Each entry is sealed with the one before it. An entry that was changed or taken out breaks the chain.</Text>
          <TextInput
            label="Anchor of an earlier time"
            description="If you kept one elsewhere: it shows whether entries at the end are gone since."
            value={anchor}
            onChange={(event) => setAnchor(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          {check.error && <Failed problem={asProblem(check.error)} />}
          {found && (
            <Alert
              role="status"
              color={found.intact ? "green" : "red"}
              icon={found.intact ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
              title={found.intact ? `All ${found.entries} entries are as they were written` : found.broken === null ? "The log is not as it was" : `Entry ${found.broken} is not as it was written`}
            >
              {found.problem && <Text size="sm">{found.problem}</Text>}
              <Text size="sm">Anchor of now, to keep elsewhere:</Text>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Code block tabIndex={0} role="region" aria-label="Anchor" style={{ flex: 1, minWidth: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                  {found.anchor}
                </Code>
                <CopyButton value={found.anchor}>
                  {({ copied, copy }) => (
                    <Button size="xs" variant="default" onClick={copy}>
                      {copied ? "Copied" : "Copy"}
                    </Button>
                  )}
                </CopyButton>
              </Group>
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <Button type="submit" loading={check.isPending}>
              Verify
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
