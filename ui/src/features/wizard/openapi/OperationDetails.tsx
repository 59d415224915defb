/** The operation that is looked at: what it does, what it takes, and what its tool is called. */

import { Badge, Code, Group, Paper, ScrollArea, Stack, Text, TextInput, Title } from "@mantine/core";
import type { ParsedDocument, ParsedOperation } from "~/api/openapiImport";
import { nameFaultOf } from "./renaming";
import { riskOf, type Risk } from "./risk";
import { short } from "./budget";

const RISKS: Record<Risk, string> = { read: "changes nothing", write: "writes", delete: "may delete or overwrite" };

export function OperationDetails({
  operation,
  parsed,
  names,
  tokens,
  rename,
  canRename,
}: {
  operation: ParsedOperation | undefined;
  parsed: ParsedDocument;
  names: Record<string, string>;
  tokens: number;
  rename: (name: string, other: string) => void;
  canRename: boolean;
}) {
  if (operation === undefined) {
    return (
      <Paper withBorder p="md" h="100%">
        <Text size="sm" c="dimmed">
          Choose an operation to see what it takes, and to give its tool another name.
        </Text>
      </Paper>
    );
  }
  const other = names[operation.name] ?? "";
  return (
    <Paper withBorder p="md" component="section" aria-label="Operation">
      <Stack gap="xs">
        <Title order={3} size="h5">
          {other || operation.name}
        </Title>
        <Code>
          {operation.method} {operation.path}
        </Code>
        <Group gap={6}>
          <Badge variant="default" tt="none">
            {RISKS[riskOf(operation)]}
          </Badge>
          {operation.deprecated && (
            <Badge variant="default" tt="none">
              deprecated
            </Badge>
          )}
          {operation.authRequired && (
            <Badge variant="default" tt="none">
              needs sign-in
            </Badge>
          )}
          <Badge variant="default" tt="none">
            ~{short(tokens)} tokens
          </Badge>
        </Group>
        <Text size="sm" lineClamp={6}>
          {operation.description || operation.displayName}
        </Text>
        <TextInput
          id="tool-name"
          label="Tool name"
          description={canRename ? "What models and programs call it." : "In a script, its functions are called so; they can be renamed there."}
          placeholder={operation.name}
          value={other}
          disabled={!canRename}
          onChange={(event) => rename(operation.name, event.currentTarget.value.trim())}
          error={nameFaultOf(other, operation.name, parsed, names) || undefined}
          autoComplete="off"
        />
        <ScrollArea.Autosize mah={200} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Params" }}>
          <Code block>{JSON.stringify(operation.params, null, 2)}</Code>
        </ScrollArea.Autosize>
      </Stack>
    </Paper>
  );
}
