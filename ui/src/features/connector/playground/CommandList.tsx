/** The commands by name, with what running them means. */

import { Box, NavLink, ScrollArea, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { pageOf, type Command } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { CommandMarks } from "~/shared/command/CommandMarks";

const MOST = 150;
const SEARCHED_FROM = 8;

export function CommandList({ connector, commands, current }: { connector: Connector; commands: Record<string, Command>; current: string }) {
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const all = Object.entries(commands);
  const found = all.filter(([name, each]) => {
    const searched = `${name} ${each.displayName} ${each.description} ${each.tags.join(" ")}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
  return (
    <Box component="nav" aria-label="Commands" visibleFrom="md">
      {all.length >= SEARCHED_FROM && (
        <TextInput
          aria-label="Search commands"
          placeholder={`Search ${all.length} commands`}
          leftSection={<IconSearch size={14} aria-hidden />}
          size="xs"
          mb="xs"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-search
        />
      )}
      <ScrollArea.Autosize mah="calc(100dvh - 260px)" type="auto">
        {found.slice(0, MOST).map(([name, each]) => (
          <NavLink
            key={name}
            active={name === current}
            label={name}
            description={<CommandMarks command={each} />}
            renderRoot={(props) => (
              <Link
                to={pageOf(connector)}
                search={{ tab: "commands", command: name } as never}
                resetScroll={false}
                {...props}
                aria-current={name === current ? "true" : undefined}
              />
            )}
          />
        ))}
      </ScrollArea.Autosize>
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          No command fits.
        </Text>
      )}
      {found.length > MOST && (
        <Text size="xs" c="dimmed" mt="xs">
          {found.length - MOST} more: search for them.
        </Text>
      )}
    </Box>
  );
}
