/** The commands of a type with what they take, and the fields of its connection. */

import { Accordion, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { capabilitiesQuery } from "~/api/catalogue";
import { CommandMarks } from "~/shared/command/CommandMarks";
import { ParamsTable } from "~/shared/command/ParamsTable";
import type { Schema } from "~/shared/form/schema";
import { Answered } from "~/shared/state/Answered";

export function Capabilities({ type }: { type: string }) {
  const found = useQuery(capabilitiesQuery(type));
  return (
    <Answered query={found}>
      {({ commands, connection }) => (
        <Stack gap="lg">
          <div>
            <Title order={2} size="h4" mb="xs">
              {commands.length} {commands.length === 1 ? "command" : "commands"}
            </Title>
            <Accordion multiple variant="contained" order={3}>
              {commands.map((command) => (
                <Accordion.Item key={command.name} value={command.name}>
                  <Accordion.Control>
                    <Group gap="xs">
                      <Text span fw={500}>
                        {command.name}
                      </Text>
                      <CommandMarks command={command} />
                    </Group>
                    <Text span size="sm" c="dimmed">
                      {command.description}
                    </Text>
                  </Accordion.Control>
                  <Accordion.Panel>
                    {command.deprecated && <Text size="sm">{command.deprecatedMessage || "It will go away in a later version."}</Text>}
                    <ParamsTable schema={command.params as Schema} label={`Params of ${command.name}`} />
                    {command.scenarios.length > 0 && (
                      <Text size="sm" c="dimmed" mt="xs">
                        Mock scenarios: {command.scenarios.join(", ")}
                      </Text>
                    )}
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          </div>
          <div>
            <Title order={2} size="h4" mb="xs">
              Fields of a connection
            </Title>
            <ParamsTable schema={connectionOf(connection)} label="Fields of a connection" />
          </div>
        </Stack>
      )}
    </Answered>
  );
}

/** The fields as the schema of an object. */
function connectionOf(fields: readonly unknown[]): Schema {
  const known = fields as readonly { name: string; description?: string; required?: boolean; secret?: boolean; default?: unknown; schema?: Schema }[];
  return {
    type: "object",
    properties: Object.fromEntries(
      known.map((each) => [
        each.name,
        {
          ...each.schema,
          ...(each.description ? { description: each.description } : {}),
          ...(each.default === undefined ? {} : { default: each.default }),
          ...(each.secret ? { format: "password" } : {}),
        },
      ]),
    ),
    required: known.filter((each) => each.required).map((each) => each.name),
  };
}
