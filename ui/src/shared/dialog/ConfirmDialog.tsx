/** Asks before something that cannot be taken back, and names what uses it. */

import { List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";
import { FormEnd } from "./FormEnd";

export function ConfirmDialog({
  opened,
  close,
  title,
  children,
  uses = [],
  action,
  typed,
  run,
}: {
  opened: boolean;
  close: () => void;
  title: string;
  children: ReactNode;
  /** What uses the thing. */
  uses?: readonly string[];
  /** The word on the button. */
  action: string;
  /** A name to be typed, for what is gone for ever. */
  typed?: string;
  run: () => Promise<unknown>;
}) {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const leave = () => {
    setName("");
    setError(null);
    close();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await run();
      leave();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={title} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text component="div" size="sm">
            {children}
          </Text>
          {uses.length > 0 && (
            <List size="sm" aria-label="What uses it">
              {uses.map((each) => (
                <List.Item key={each}>{each}</List.Item>
              ))}
            </List>
          )}
          {typed && (
            <TextInput
              label={`Type “${typed}” to go on`}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          {error !== null && <Failed problem={asProblem(error)} />}
          <FormEnd label={action} leave={leave} busy={busy} ready={typed === undefined || name === typed} color="red" />
        </Stack>
      </form>
    </Modal>
  );
}
