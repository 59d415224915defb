/** The list as a table. Drawn anew only when its rows change, so that typing stays quick. */

import { Badge, Checkbox, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo, useMemo } from "react";
import { pageOf } from "~/api/connectors";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { kindWord } from "~/shared/model/words";
import { Status } from "~/shared/status/Status";
import { DataTable, type Column } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { commandHits, type Row } from "./listing";

export interface ConnectorTableProps {
  rows: readonly Row[];
  words: readonly string[];
  picked: ReadonlySet<string>;
  pick: (id: string, on: boolean) => void;
  /** Ids of those whose test runs. */
  testing: ReadonlySet<string>;
}

export const ConnectorTable = memo(function ConnectorTable({ rows, words, picked, pick, testing }: ConnectorTableProps) {
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        name: "pick",
        label: "Chosen",
        quiet: true,
        width: 40,
        cell: (row) => (
          <Checkbox
            aria-label={`Choose ${row.id}`}
            checked={picked.has(row.id)}
            onChange={(event) => pick(row.id, event.currentTarget.checked)}
          />
        ),
      },
      { name: "name", label: "Name", cell: (row) => <Name row={row} hits={commandHits(row, words)} /> },
      { name: "status", label: "Status", width: 172, cell: (row) => <State row={row} testing={testing.has(row.id)} /> },
      { name: "kind", label: "Kind", width: 84, cell: (row) => kindWord(row.connector.executionModel || (row.type?.executionModel ?? "")) },
      { name: "type", label: "Type", width: 150, cell: (row) => <TypeCell row={row} /> },
      { name: "commands", label: "Commands", width: 112, align: "right", cell: (row) => (row.type ? row.commands.length : "–") },
      { name: "tested", label: "Last test", width: 122, cell: (row) => <Ago at={row.connector.tested} /> },
      { name: "updated", label: "Changed", width: 122, cell: (row) => (row.connector.updated ? <Ago at={row.connector.updated} /> : "–") },
    ],
    [picked, pick, words, testing],
  );
  return <DataTable label="Connectors" rows={rows} columns={columns} id={(row) => row.id} path={(row) => pageOf(row.connector)} />;
});

export function Name({ row, hits }: { row: Row; hits: readonly string[] }) {
  const { connector } = row;
  return (
    <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
      <ConnectorIcon name={row.id} svg={svgOf(row)} />
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Link to={pageOf(connector)}>{connector.displayName || connector.name}</Link>
          {connector.tags.map((tag) => (
            <Badge key={tag} size="xs" variant="default" tt="none">
              {tag}
            </Badge>
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          {row.id}
          {hits.length > 0 && ` · ${hits.join(", ")}`}
        </Text>
      </div>
    </Group>
  );
}

export function State({ row, testing = false }: { row: Row; testing?: boolean }) {
  return (
    <Group gap={6}>
      {testing ? <Status is="RUNNING" word="Testing" /> : <Status is={row.health} />}
      {row.mocked && <Status is="mock" />}
    </Group>
  );
}

function TypeCell({ row }: { row: Row }) {
  const { type, typeVersion, category } = row.connector;
  return (
    <>
      <Text size="sm">
        {type} {typeVersion}
      </Text>
      {category && (
        <Text size="xs" c="dimmed">
          {category}
        </Text>
      )}
    </>
  );
}

/** The picture of its type, where that has one. */
export function svgOf(row: Row): string | null {
  return row.type?.icon.trimStart().startsWith("<svg") ? row.type.icon : null;
}
