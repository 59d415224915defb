/** The keys, and the switch for those of one letter. */

import { Kbd, Modal, Switch, Table, Text } from "@mantine/core";
import { useState } from "react";
import { navigation } from "./feature";
import { setSingleKeys, singleKeys } from "./keys";

const KEYS: readonly [string, string][] = [
  ["Ctrl+K", "Search screens, connectors, commands and calls"],
  ["?", "This list"],
  ["/", "Search on this page"],
  ["c", "New connector"],
  ["j, k, Enter", "Down, up and open, in lists"],
  ["Ctrl+Enter", "Run"],
  ["Ctrl+.", "Cancel what runs"],
  ["Ctrl+S", "Save"],
  ["Esc", "Close; in the editor, Esc and then Tab leaves it"],
];

export default function Shortcuts({ opened, close }: { opened: boolean; close: () => void }) {
  const [single, setSingle] = useState(singleKeys);
  const rows = [...KEYS, ...navigation.flatMap((each): [string, string][] => (each.key ? [[`g ${each.key}`, each.label]] : []))];
  return (
    <Modal opened={opened} onClose={close} title="Keyboard shortcuts" closeButtonProps={{ "aria-label": "Close" }}>
      <Table aria-label="Keyboard shortcuts">
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Td w={120}>
                <Kbd>{keys}</Kbd>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label="Keys of one letter"
        description="Switch them off if you speak to this computer, or press keys by accident."
        checked={single}
        onChange={(event) => {
          setSingle(event.currentTarget.checked);
          setSingleKeys(event.currentTarget.checked);
        }}
      />
      <Text size="xs" c="dimmed" mt="sm">
        On a Mac, Cmd works like Ctrl.
      </Text>
    </Modal>
  );
}
