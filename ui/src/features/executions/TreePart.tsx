/** A call, what it was made by, and what was called on its way, as an indented list. */

import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { executionPage, treeQuery } from "~/api/executions";
import type { ExecutionSummary } from "~/api/types";
import { Answered } from "~/shared/state/Answered";
import { TableSkeleton } from "~/shared/state/Loading";
import { Status } from "~/shared/status/Status";
import { duration } from "~/shared/time/Ago";

/** More than so many are a list of their own. */
const SHOWN = 500;
const DEEP = 8;

export function TreePart({ id, parent }: { id: string; parent: string | null }) {
  const tree = useQuery(treeQuery(id));
  return (
    <Answered query={tree} skeleton={<TableSkeleton rows={3} />}>
      {({ items }) => {
        const lines = ordered(items);
        return (
          <Stack gap="xs">
            {parent && (
              <Text size="sm">
                It was made by <Link to={executionPage(parent)}>another call</Link>.
              </Text>
            )}
            <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: "none" }} aria-label="Calls on its way">
              {lines.slice(0, SHOWN).map(({ each, depth }) => (
                <Group component="li" key={each.id} gap="sm" style={{ paddingLeft: Math.min(depth, DEEP) * 20 }}>
                  <Status is={each.status} />
                  {each.id === id ? (
                    <Text size="sm" fw={600}>
                      {each.connector} {each.command} (this call)
                    </Text>
                  ) : (
                    <Link to={executionPage(each.id)}>
                      {each.connector} {each.command}
                    </Link>
                  )}
                  <Text size="sm" c="dimmed" className="tabular">
                    {duration(each.durationMs)}
                  </Text>
                </Group>
              ))}
            </Stack>
            {lines.length === 1 && (
              <Text size="sm" c="dimmed">
                It called nothing else.
              </Text>
            )}
            {lines.length > SHOWN && (
              <Text size="sm" c="dimmed">
                {lines.length - SHOWN} more are not shown.
              </Text>
            )}
          </Stack>
        );
      }}
    </Answered>
  );
}

/** Each call under the one that made it. */
function ordered(items: readonly ExecutionSummary[]): { each: ExecutionSummary; depth: number }[] {
  const known = new Set(items.map((each) => each.id));
  const below = new Map<string, ExecutionSummary[]>();
  for (const each of items) {
    const key = each.parentId !== null && known.has(each.parentId) ? each.parentId : "";
    below.set(key, [...(below.get(key) ?? []), each]);
  }
  const lines: { each: ExecutionSummary; depth: number }[] = [];
  const add = (key: string, depth: number) => {
    for (const each of below.get(key) ?? []) {
      lines.push({ each, depth });
      add(each.id, depth + 1);
    }
  };
  add("", 0);
  return lines;
}
