/** What the server has read: version, servers, sign-in, and what it had to leave out. */

import { Accordion, Badge, Code, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import type { ParsedDocument } from "~/api/openapiImport";
import type { Values } from "~/shared/form/SchemaForm";
import { ServerChoice } from "./ServerChoice";
import { grouped, linesOf, type WarningGroup } from "./warnings";

export function ParseReport({ parsed, text, config, setConfig }: { parsed: ParsedDocument; text: string; config: Values; setConfig: (config: Values) => void }) {
  const secrets = Object.entries(parsed.fields).filter(([, field]) => field.secret).map(([name]) => name);
  return (
    <Paper withBorder p="md" component="section" aria-label="What the document offers">
      <Stack gap="xs">
        <Group gap="xs">
          <Title order={2} size="h4">
            {parsed.title || parsed.name}
          </Title>
          <Badge variant="default" tt="none">
            version {parsed.version || "not said"}
          </Badge>
          <Badge variant="default" tt="none">
            OpenAPI {parsed.openapi}
          </Badge>
          <Badge variant="default" tt="none">
            {parsed.commands.length.toLocaleString("en")} {parsed.commands.length === 1 ? "operation" : "operations"}
          </Badge>
        </Group>
        <ServerChoice parsed={parsed} text={text} config={config} setConfig={setConfig} />
        <Text size="sm">
          {parsed.authRequired || secrets.length > 0 ? (
            <>
              Sign-in: {secrets.map((name, at) => (
                <span key={name}>
                  {at > 0 && ", "}
                  <Code>{name}</Code>
                </span>
              ))}
              {secrets.length === 0 && "needed, but the document does not say how"}
            </>
          ) : (
            "Sign-in: the document asks for none."
          )}
        </Text>
        <Warnings parsed={parsed} text={text} />
      </Stack>
    </Paper>
  );
}

const PLACES = 8;

function Warnings({ parsed, text }: { parsed: ParsedDocument; text: string }) {
  const groups = useMemo(() => grouped(parsed.warnings), [parsed.warnings]);
  const [lines, setLines] = useState<ReadonlyMap<string, number>>(new Map());
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    if (open === null) return;
    let gone = false;
    void linesOf(text, groups.flatMap((each) => each.pointers.slice(0, PLACES))).then((found) => !gone && setLines(found));
    return () => {
      gone = true;
    };
  }, [open, text, groups]);
  if (groups.length === 0) return <Text size="sm">Nothing was left out.</Text>;
  return (
    <Accordion value={open} onChange={setOpen} variant="contained" order={3}>
      <Accordion.Item value="warnings">
        <Accordion.Control>
          <Text size="sm">
            {parsed.warnings.length} {parsed.warnings.length === 1 ? "warning" : "warnings"}: what is left out or weakened
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <List size="sm" spacing={4}>
            {groups.map((each) => (
              <OneWarning key={each.message} group={each} lines={lines} />
            ))}
          </List>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function OneWarning({ group: { message, pointers }, lines }: { group: WarningGroup; lines: ReadonlyMap<string, number> }) {
  const shown = pointers.slice(0, PLACES);
  return (
    <List.Item>
      {message}
      {pointers.length > 1 && ` (${pointers.length} times)`}
      <Text size="xs" c="dimmed" component="div">
        {shown.map((pointer) => (
          <div key={pointer}>
            {lines.has(pointer) && `line ${lines.get(pointer)}: `}
            {pointer || "the document"}
          </div>
        ))}
        {pointers.length > shown.length && `and ${pointers.length - shown.length} more places`}
      </Text>
    </List.Item>
  );
}
