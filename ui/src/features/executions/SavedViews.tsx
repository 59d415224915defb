/** A menu of the filters that were kept under a name. */

import { Button, Group, Menu, Modal, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBookmark, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { filtersOf, NONE } from "./filters";
import { useViews } from "./views";

export function SavedViews() {
  const [search, change] = useUrlSearch();
  const { views, keep, forget } = useViews();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const filters = filtersOf(search);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    keep({ name: name.trim(), filters });
    setNaming(false);
    setName("");
    notifications.show({ message: `The view “${name.trim()}” is kept in this browser.` });
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconBookmark size={14} aria-hidden />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change({ ...NONE, status: "FAILED" })}>Failed calls</Menu.Item>
          <Menu.Item onClick={() => change({ ...NONE, status: "AWAITING_INPUT" })}>Calls that wait for input</Menu.Item>
          {views.length > 0 && <Menu.Divider />}
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => change({ ...NONE, ...view.filters })}>
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={14} aria-hidden />} disabled={Object.keys(filters).length === 0} onClick={() => setNaming(true)}>
            Keep these filters
          </Menu.Item>
          {views.map((view) => (
            <Menu.Item key={view.name} leftSection={<IconTrash size={14} aria-hidden />} onClick={() => forget(view.name)}>
              Forget “{view.name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={() => setNaming(false)} title="Keep these filters" closeButtonProps={{ "aria-label": "Close" }}>
        <form onSubmit={save}>
          <Stack gap="sm">
            <TextInput label="Name of the view" value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={60} data-autofocus autoComplete="off" />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setNaming(false)}>
                Cancel
              </Button>
              <Button type="submit" disabled={!name.trim()}>
                Keep
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
