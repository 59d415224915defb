/** The same, outside of the browser: for a terminal, a program, a file. Tokens are named, never shown. */

import { Button, Code, CopyButton, Menu, Modal, ScrollArea, Tabs } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";

export interface Snippet {
  /** Such as `curl`. */
  name: string;
  text: string;
}

export function CopyAs({ snippets, label = "Copy as" }: { snippets: readonly Snippet[]; label?: string }) {
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />}>
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {snippets.map((each) => (
            <Menu.Item key={each.name} onClick={() => setShown(each.name)}>
              {each.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={label} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
        <Snippets snippets={snippets} first={shown ?? undefined} />
      </Modal>
    </>
  );
}

export function Snippets({ snippets, first }: { snippets: readonly Snippet[]; first?: string }) {
  return (
    // By number: names have spaces, which ids cannot have.
    <Tabs defaultValue={String(Math.max(0, snippets.findIndex((each) => each.name === first)))} keepMounted={false}>
      <Tabs.List>
        {snippets.map((each, at) => (
          <Tabs.Tab key={each.name} value={String(at)}>
            {each.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map((each, at) => (
        <Tabs.Panel key={each.name} value={String(at)} pt="xs">
          <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0 }}>
            <Code block>{each.text}</Code>
          </ScrollArea.Autosize>
          <CopyButton value={each.text}>
            {({ copied, copy }) => (
              <Button size="xs" mt="xs" onClick={copy} aria-live="polite">
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
