/** One connector to choose from, with its commands where it is open. */

import { ActionIcon, Box, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Tool } from "~/api/tools";
import { CommandMarks } from "~/shared/command/CommandMarks";
import { tokensOf } from "~/shared/tools/cost";
import { marksOf } from "~/shared/tools/forms";
import { isChosen, ruleOf, withCommand, withConnector, type Choice, type Named } from "./choice";
import type { Group as Connector } from "./groups";
import { ruleWords } from "./rule";

const MOST = 100;

interface Chooses {
  choice: Choice;
  onChange: (choice: Choice) => void;
  settle?: (command: Named) => void;
  disabled: boolean;
}

export function ConnectorGroup({ group, matching, ...rest }: Chooses & { group: Connector; /** Only these are shown, and it is open; all where there is no search. */ matching: readonly Tool[] | null }) {
  const { choice, onChange, disabled } = rest;
  const [opened, setOpened] = useState(group.state === "some");
  const open = opened || matching !== null;
  const id = useId();
  const shown = matching ?? group.tools;
  const known = group.tools.map((each) => each.command);
  return (
    <Box>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          mt={1}
          aria-label={`Commands of ${group.connector}`}
          aria-expanded={open}
          aria-controls={id}
          disabled={matching !== null}
          onClick={() => setOpened(!opened)}
        >
          {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        </ActionIcon>
        <Checkbox
          label={group.connector}
          description={`${wordsOf(group)}, ${tokensOf(group.chosen).toLocaleString("en")} of ${tokensOf(group.tools).toLocaleString("en")} tokens`}
          checked={group.state === "all"}
          indeterminate={group.state === "some"}
          disabled={disabled}
          onChange={() => onChange(withConnector(choice, group.connector, group.state !== "all"))}
          styles={{ label: { overflowWrap: "anywhere" } }}
        />
      </Group>
      <Stack id={id} gap={6} pl={34} pt={open ? 6 : 0} pb={open ? 8 : 0}>
        {open && shown.slice(0, MOST).map((each) => <CommandRow key={each.name} tool={each} known={known} {...rest} />)}
        {open && shown.length > MOST && (
          <Text size="xs" c="dimmed">
            {shown.length - MOST} more: search for them.
          </Text>
        )}
      </Stack>
    </Box>
  );
}

function wordsOf({ state, later, chosen, tools }: Connector): string {
  if (state === "all") return later ? `All ${tools.length} commands, also later ones` : `All ${tools.length} commands`;
  return state === "none" ? `None of ${tools.length}` : `${chosen.length} of ${tools.length} commands`;
}

function CommandRow({ tool, known, choice, onChange, settle, disabled }: Chooses & { tool: Tool; known: readonly string[] }) {
  const on = isChosen(choice, tool);
  const settled = on ? ruleWords(ruleOf(choice, tool)) : "";
  return (
    <Group gap="xs" align="flex-start">
      <Checkbox
        label={tool.command}
        checked={on}
        disabled={disabled}
        onChange={() => onChange(withCommand(choice, tool, !on, known))}
        styles={{ label: { overflowWrap: "anywhere" } }}
      />
      <Box mt={2}>
        <CommandMarks command={marksOf(tool)} />
      </Box>
      <Text size="xs" c="dimmed" mt={3} className="tabular">
        {tool.cost.tokens.toLocaleString("en")} tokens
      </Text>
      {settled && (
        <Text size="xs" mt={3}>
          {settled}
        </Text>
      )}
      {on && settle && (
        <Button size="compact-xs" variant="default" disabled={disabled} onClick={() => settle(tool)} aria-label={`Settle ${tool.command} of ${tool.connector}`}>
          Settle…
        </Button>
      )}
    </Group>
  );
}

/** A connector that is chosen, and offers nothing now: it was deleted, renamed or disabled. */
export function Missing({ name, disabled, remove }: { name: string; disabled: boolean; remove: () => void }) {
  return (
    <Group gap="xs" pl={34}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {name} offers nothing now.
      </Text>
      <Button size="compact-xs" variant="default" disabled={disabled} onClick={remove} aria-label={`Remove ${name}`}>
        Remove
      </Button>
    </Group>
  );
}
