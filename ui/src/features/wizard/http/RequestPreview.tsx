/** The request of one operation, with params from a form. Nothing is sent. */

import { Code, Paper, ScrollArea, Select, Stack, Table, Text, Title } from "@mantine/core";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import { defaultsOf, type Schema } from "~/shared/form/schema";
import { useUrlState } from "~/shared/url/useUrlState";
import type { SourceProps } from "../SourceStep";
import { operationsOf, previewOf } from "./preview";

export function RequestPreview({ document, definition, draft, change }: SourceProps & { document: Record<string, unknown> }) {
  const [command, setCommand] = useUrlState("command");
  const operations = operationsOf(document);
  const operation = operations.find((each) => each.name === command) ?? operations[0];
  if (operation === undefined) {
    return (
      <Paper withBorder p="md">
        <Text size="sm" c="dimmed">
          The request of an operation is shown here as soon as there is one.
        </Text>
      </Paper>
    );
  }
  const schema = definition.data?.commands[operation.name]?.params ?? (operation.said.parameters as Schema | undefined) ?? {};
  const values: Values = draft.params[operation.name] ?? defaultsOf(schema);
  const fields = definition.data?.fields ?? {};
  const defaults = Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])));
  const plain = Object.fromEntries(Object.entries(draft.config).filter(([name]) => !fields[name]?.secret));
  const preview = previewOf(document, operation, values, { ...defaults, ...plain });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="preview">
      <Stack gap="sm">
        <Title order={2} size="h4" id="preview">
          Request
        </Title>
        <Select label="Operation" data={[...new Set(operations.map((each) => each.name))]} value={operation.name} allowDeselect={false} onChange={(name) => setCommand(name ?? "")} />
        <SchemaForm schema={schema} value={values} onChange={(next) => change({ params: { ...draft.params, [operation.name]: next } })} />
        <div aria-live="polite">
          <Code block style={{ whiteSpace: "pre-wrap" }}>
            {preview.method} {preview.url}
          </Code>
          <Table fz="xs" verticalSpacing={4} mt="xs" layout="fixed">
            <Table.Tbody>
              {preview.headers.map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w="40%">
                    {name}
                  </Table.Th>
                  <Table.Td>{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {preview.body && (
            <ScrollArea.Autosize mah={220} mt="xs" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Body" }}>
              <Code block>{preview.body}</Code>
            </ScrollArea.Autosize>
          )}
        </div>
        <Text size="xs" c="dimmed">
          Worked out in the browser, for show. Filters of templates stay as they are written here; the server computes them.
        </Text>
      </Stack>
    </Paper>
  );
}
