/** The list as cards, some at a time: thousands of them would make every key press slow. */

import { Button, Center, Checkbox, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { pageOf } from "~/api/connectors";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { kindWord } from "~/shared/model/words";
import { Ago } from "~/shared/time/Ago";
import { State, svgOf, type ConnectorTableProps } from "./ConnectorTable";

const AT_A_TIME = 60;

export const ConnectorCards = memo(function ConnectorCards({ rows, picked, pick, testing }: ConnectorTableProps) {
  const [most, setMost] = useState(AT_A_TIME);
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }} spacing="sm" component="ul" style={{ listStyle: "none", padding: 0, margin: 0 }}>
        {rows.slice(0, most).map((row) => {
          const { connector } = row;
          return (
            <Paper key={row.id} component="li" withBorder p="sm" data-row data-id={row.id} tabIndex={-1}>
              <Stack gap={6} h="100%">
                <Group gap="xs" wrap="nowrap" justify="space-between" align="flex-start">
                  <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
                    <ConnectorIcon name={row.id} svg={svgOf(row)} size={34} />
                    <div style={{ minWidth: 0 }}>
                      <Link to={pageOf(connector)}>{connector.displayName || connector.name}</Link>
                      <Text size="xs" c="dimmed">
                        {row.id}
                      </Text>
                    </div>
                  </Group>
                  <Checkbox aria-label={`Choose ${row.id}`} checked={picked.has(row.id)} onChange={(event) => pick(row.id, event.currentTarget.checked)} />
                </Group>
                <Text size="sm" lineClamp={2} style={{ flex: 1 }}>
                  {connector.description || row.type?.description}
                </Text>
                <State row={row} testing={testing.has(row.id)} />
                <Text size="xs" c="dimmed" component="div">
                  {kindWord(connector.executionModel)} · {row.commands.length} {row.commands.length === 1 ? "command" : "commands"} · tested{" "}
                  <Ago at={connector.tested} />
                </Text>
              </Stack>
            </Paper>
          );
        })}
      </SimpleGrid>
      {rows.length > most && (
        <Center>
          <Button variant="default" onClick={() => setMost(most + AT_A_TIME)}>
            Show more ({rows.length - most} left)
          </Button>
        </Center>
      )}
    </Stack>
  );
});
