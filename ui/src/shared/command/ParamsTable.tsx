/** What a command takes, or a connection asks for, as a table. */

import { Code, Table, Text } from "@mantine/core";
import { resolved, withoutNull, type Schema } from "~/shared/form/schema";

export function ParamsTable({ schema, label }: { schema: Schema; label: string }) {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It takes none.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={280} type="native">
      <Table aria-label={label} verticalSpacing={4}>
        <Table.Tbody>
          {fields.map(([name, given]) => {
            const field = withoutNull(resolved(given, schema), schema);
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={500} w="32%" style={{ verticalAlign: "top" }}>
                  <Code>{name}</Code>
                  {schema.required?.includes(name) && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      needed
                    </Text>
                  )}
                </Table.Th>
                <Table.Td w="18%" style={{ verticalAlign: "top" }}>
                  <Text size="sm">{typeWord(field)}</Text>
                </Table.Td>
                <Table.Td style={{ verticalAlign: "top" }}>
                  <Text size="sm">
                    {field.description}
                    {field.default !== undefined && <> Without it: {JSON.stringify(field.default)}.</>}
                  </Text>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const WORDS: Record<string, string> = { string: "text", integer: "whole number", number: "number", boolean: "yes or no", array: "list", object: "object" };

function typeWord(schema: Schema): string {
  if (schema.format === "password") return "secret";
  if (schema.enum) return schema.enum.slice(0, 6).map(String).join(", ");
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? ""];
  return types.map((each) => WORDS[each] ?? each).join(" or ") || "anything";
}
