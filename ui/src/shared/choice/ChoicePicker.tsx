/** Choosing which commands a model gets: all, or by connector and command. */

import { Group, SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useDeferredValue, useState } from "react";
import type { Tool } from "~/api/tools";
import { withConnector, type Choice, type Named } from "./choice";
import { ConnectorGroup, Missing } from "./ConnectorGroup";
import { groupsOf, missingOf } from "./groups";

export interface PickerProps {
  /** All that there are. */
  tools: readonly Tool[];
  choice: Choice;
  onChange: (choice: Choice) => void;
  /** Opens what is settled about a command, where that can be kept. */
  settle?: (command: Named) => void;
  disabled?: boolean;
}

export function ChoicePicker({ tools, choice, onChange, settle, disabled = false }: PickerProps) {
  const [text, setText] = useState("");
  const words = useDeferredValue(text).toLowerCase().split(/\s+/).filter(Boolean);
  const some = Boolean(choice.connectors);
  const fits = (each: Tool) => words.every((word) => `${each.connector} ${each.command} ${each.title} ${each.description}`.toLowerCase().includes(word));
  const groups = groupsOf(tools, choice);
  const shown = words.length === 0 ? groups : groups.filter((group) => group.tools.some(fits));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Which commands"
        value={some ? "some" : "all"}
        disabled={disabled}
        onChange={(next) => onChange({ ...choice, connectors: next === "all" ? null : (choice.connectors ?? []) })}
        data={[
          { value: "all", label: "All commands" },
          { value: "some", label: "Chosen ones" },
        ]}
        style={{ alignSelf: "flex-start" }}
      />
      <Switch
        label="Only commands that change nothing"
        checked={choice.readsOnly === true}
        disabled={disabled}
        onChange={(event) => onChange({ ...choice, readsOnly: event.currentTarget.checked })}
      />
      {!some && (
        <Text size="sm" c="dimmed">
          Also those of connectors that are made later.{settle && " Choose commands to settle params of them."}
        </Text>
      )}
      {some && (
        <>
          <TextInput
            label="Search"
            placeholder="Connectors, commands, descriptions"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-search
          />
          <Stack gap={4} role="group" aria-label="Commands to choose from">
            {missingOf(tools, choice).map((name) => (
              <Missing key={name} name={name} disabled={disabled} remove={() => onChange(withConnector(choice, name, false))} />
            ))}
            {shown.map((group) => (
              <ConnectorGroup
                key={group.connector}
                group={group}
                matching={words.length > 0 ? group.tools.filter(fits) : null}
                choice={choice}
                onChange={onChange}
                settle={settle}
                disabled={disabled}
              />
            ))}
            {shown.length === 0 && (
              <Group>
                <Text size="sm">Nothing fits the search.</Text>
              </Group>
            )}
          </Stack>
        </>
      )}
    </Stack>
  );
}
