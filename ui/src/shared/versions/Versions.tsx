/** The versions of a connector type, and what is different between two of them. */

import { Button, Group, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { versionQuery, versionsQuery, type TypeVersion } from "~/api/catalogue";
import { asProblem } from "~/api/problem";
import { isSingleKey } from "~/app/keys";
import { Diff } from "~/shared/diff/Diff";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { partsOf } from "./parts";

export function Versions({ type, used }: { type: string; used?: string }) {
  const versions = useQuery(versionsQuery(type));
  return (
    <Answered query={versions} skeleton={<TableSkeleton rows={3} />}>
      {(all) =>
        all.length === 0 ? (
          <Text c="dimmed">This type is not stored yet, so it has no versions here.</Text>
        ) : (
          <Stack gap="lg">
            <List versions={all} used={used} />
            {all.length > 1 ? (
              <Compare type={type} versions={all} />
            ) : (
              <Text size="sm" c="dimmed">
                There is one version only. As soon as there are two, what is different between them stands here.
              </Text>
            )}
          </Stack>
        )
      }
    </Answered>
  );
}

function List({ versions, used }: { versions: readonly TypeVersion[]; used?: string }) {
  return (
    <DataTable
      label="Versions"
      rows={[...versions].reverse()}
      id={(row) => row.version}
      columns={[
        {
          name: "version",
          label: "Version",
          cell: (row) => (
            <Text size="sm" fw={row.version === used ? 650 : undefined}>
              {row.version}
              {row.version === used && " (in use)"}
            </Text>
          ),
        },
        { name: "note", label: "Note", cell: (row) => row.note || "–" },
        { name: "author", label: "Made by", cell: (row) => (row.author === "jackfield" ? "Came with Jackfield" : row.author || "–") },
        { name: "created", label: "When", cell: (row) => (row.created ? <Ago at={row.created} /> : "–") },
      ]}
    />
  );
}

/** `[` and `]` step through the versions. */
function Compare({ type, versions }: { type: string; versions: readonly TypeVersion[] }) {
  const [search, change] = useUrlSearch();
  const names = versions.map((each) => each.version);
  const newer = names.includes(search.to ?? "") ? (search.to as string) : (names.at(-1) as string);
  const at = names.indexOf(newer);
  const older = names.includes(search.from ?? "") ? (search.from as string) : (names[Math.max(0, at - 1)] as string);
  const step = (by: number) => {
    const next = Math.min(names.length - 1, Math.max(1, at + by));
    change({ to: names[next], from: names[next - 1] });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.key === "[" || event.key === "]") && isSingleKey(event)) step(event.key === "[" ? -1 : 1);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  const [one, other] = useQueries({ queries: [versionQuery(type, older), versionQuery(type, newer)] });
  const failed = one.error ?? other.error;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Compare
      </Title>
      <Group gap="xs" align="flex-end">
        <Select label="From" data={names} value={older} onChange={(from) => change({ from: from ?? "" })} allowDeselect={false} w={130} />
        <Select label="To" data={names} value={newer} onChange={(to) => change({ to: to ?? "" })} allowDeselect={false} w={130} />
        <Button variant="default" disabled={at <= 1} onClick={() => step(-1)}>
          Older
        </Button>
        <Button variant="default" disabled={at === names.length - 1} onClick={() => step(1)}>
          Newer
        </Button>
      </Group>
      {failed && <Failed problem={asProblem(failed)} />}
      {one.data && other.data && <Parts before={one.data.definition} after={other.data.definition} names={`${older} and ${newer}`} />}
    </Stack>
  );
}

function Parts({ before, after, names }: { before: unknown; after: unknown; names: string }) {
  const [search, change] = useUrlSearch();
  const parts = partsOf(before, after);
  const shown = parts.find((each) => each.name === search.part) ?? parts.find((each) => each.before !== each.after) ?? parts[0];
  if (!shown) return null;
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Part"
        value={shown.name}
        onChange={(part) => change({ part })}
        data={parts.map((each) => ({ value: each.name, label: each.before === each.after ? each.label : `${each.label} (changed)` }))}
        style={{ alignSelf: "flex-start" }}
      />
      <Diff label={`${shown.label} of ${names}`} before={shown.before} after={shown.after} />
    </Stack>
  );
}
