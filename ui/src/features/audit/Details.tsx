/** What else is known of an entry: before and after side by side, where it says so. */

import { Code, Drawer, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "~/api/audit";
import { JsonView } from "~/shared/json/JsonView";
import { Status } from "~/shared/status/Status";
import { Ago } from "~/shared/time/Ago";
import { pageOf } from "./targets";

export function Details({ entry, close }: { entry: AuditEntry | null; close: () => void }) {
  return (
    <Drawer opened={entry !== null} onClose={close} position="right" title={entry ? `Entry ${entry.sequence}` : ""} closeButtonProps={{ "aria-label": "Close" }}>
      {entry && <Entry entry={entry} />}
    </Drawer>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const page = pageOf(entry);
  const { before, after, ...rest } = entry.details;
  return (
    <Stack gap="sm">
      <Text size="sm">
        <b>{entry.actorName}</b> {entry.verdict === "done" ? "did" : "was refused"} <Code>{entry.action}</Code> <Ago at={entry.at} />.
      </Text>
      <Status is={entry.verdict === "done" ? "ok" : "failing"} word={entry.verdict === "done" ? "Done" : "Denied"} />
      <Text size="sm">
        {entry.resource}: {page ? <Link to={page}>{entry.resourceId}</Link> : <Code>{entry.resourceId}</Code>}
      </Text>
      {isObject(before) && isObject(after) && <Changes before={before} after={after} />}
      <Title order={3} size="h5">
        Details
      </Title>
      <JsonView label="Details" value={isObject(before) && isObject(after) ? rest : entry.details} />
    </Stack>
  );
}

function Changes({ before, after }: { before: Record<string, unknown>; after: Record<string, unknown> }) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return (
    <Table aria-label="What changed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Field</Table.Th>
          <Table.Th scope="col">Before</Table.Th>
          <Table.Th scope="col">After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {names.map((name) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>{told(before[name])}</Table.Td>
            <Table.Td>{told(after[name])}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function told(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
