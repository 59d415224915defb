/** A dialog with a form. Closing it asks first, where something typed would be lost. */

import { Alert, Button, Group, Modal } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { UnsavedGuard } from "./UnsavedGuard";

export function FormDialog({
  title,
  size,
  dirty,
  close,
  children,
}: {
  title: string;
  size?: string;
  /** Whether something typed is not saved yet. */
  dirty: boolean;
  close: () => void;
  /** The form, with what closes the dialog as a button does. */
  children: (leave: () => void) => ReactNode;
}) {
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    if (leaving) close(); // only now that the guard lets it go
  }, [leaving]);
  const leave = () => (dirty ? setAsking(true) : setLeaving(true));
  return (
    <Modal opened onClose={leave} closeOnClickOutside={!dirty} title={title} size={size} closeButtonProps={{ "aria-label": "Close" }}>
      <UnsavedGuard dirty={dirty && !leaving} />
      {children(leave)}
      {asking && dirty && (
        <Alert color="yellow" role="alert" title="Leave without saving?" mt="sm">
          <Group justify="flex-end">
            <Button size="xs" variant="default" onClick={() => setAsking(false)} autoFocus>
              Stay
            </Button>
            <Button size="xs" color="red" onClick={() => setLeaving(true)}>
              Leave
            </Button>
          </Group>
        </Alert>
      )}
    </Modal>
  );
}
