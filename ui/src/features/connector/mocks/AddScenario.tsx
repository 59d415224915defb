/** A new scenario: of which command, called what. */

import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { DEFAULT_SCENARIO, EXAMPLE } from "./mocks";

export function AddScenario({
  commands,
  taken,
  close,
  add,
}: {
  commands: readonly string[];
  taken: (command: string, scenario: string) => boolean;
  close: () => void;
  add: (command: string, scenario: string, outcome: unknown) => void;
}) {
  const [command, setCommand] = useState(commands[0] ?? "");
  const [scenario, setScenario] = useState(DEFAULT_SCENARIO);
  const wrong = !scenario.trim() ? "Give it a name." : taken(command, scenario.trim()) ? "There is one of that name." : "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!wrong && command) add(command, scenario.trim(), EXAMPLE);
  };
  return (
    <Modal opened onClose={close} title="Add a scenario" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select label="Command" data={[...commands]} value={command} onChange={(value) => setCommand(value ?? "")} allowDeselect={false} searchable />
          <TextInput
            label="Name of the scenario"
            description="“default” answers calls that name none."
            value={scenario}
            error={wrong}
            onChange={(event) => setScenario(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={wrong !== "" || !command}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
