/** Who did what, and who was refused, for administrators. */

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconListDetails, IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { auditQuery, type AuditEntry } from "~/api/audit";
import { withQuery } from "~/api/lists";
import { useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ExportButton } from "~/shared/download/ExportButton";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { NeedsAdministrator } from "~/shared/state/NeedsAdministrator";
import { Status } from "~/shared/status/Status";
import { DataTable } from "~/shared/table/DataTable";
import { Ago } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { Details } from "./Details";
import { Filters, filtersOf, NONE } from "./Filters";
import { Verify } from "./Verify";

const OPTIONS: Record<string, string> = { actor: "--actor", action: "--action", resource: "--resource", resourceId: "--id", verdict: "--verdict", since: "--since", until: "--until" };

export default function AuditPage() {
  const { admin } = useSession();
  const [search, change] = useUrlSearch();
  const filters = filtersOf(search);
  const line = ["jackfield audit list", ...Object.entries(filters).map(([name, value]) => `${OPTIONS[name]} '${value}'`)].join(" ");
  return (
    <Page
      title="Audit"
      about="Who changed what, and who was refused. Values of secrets are in none of it."
      actions={
        <>
          <Button size="xs" variant="default" leftSection={<IconShieldCheck size={14} aria-hidden />} disabled={!admin} onClick={() => change({ open: "verify" })}>
            Verify
          </Button>
          {admin && <ExportButton path="/api/audit" query={filters} file="audit.jsonl" />}
          <CopyAs
            snippets={[
              curl({ method: "GET", path: withQuery("/api/audit", filters) }),
              { ...curl({ method: "GET", path: "/api/audit/verify" }), name: "curl (verify)" },
              { name: "Command line", text: `${line}\njackfield audit verify` },
            ]}
          />
        </>
      }
    >
      {admin ? <Log /> : <NeedsAdministrator what="the audit log" />}
      {admin && search.open === "verify" && <Verify opened close={() => change({ open: "" })} />}
    </Page>
  );
}

function Log() {
  const [search, change] = useUrlSearch();
  const filters = filtersOf(search);
  const query = useInfiniteQuery(auditQuery(filters));
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const open = entries.find((each) => String(each.sequence) === search.selected) ?? null;
  return (
    <Stack gap="md">
      <Filters />
      <Answered query={query} skeleton={<TableSkeleton />}>
        {() =>
          entries.length > 0 ? (
            <>
              <DataTable
                label="Audit log"
                rows={entries}
                id={(row) => String(row.sequence)}
                onOpen={(row) => change({ selected: String(row.sequence) })}
                selected={search.selected || undefined}
                columns={[
                  { name: "at", label: "When", cell: (row) => <Ago at={row.at} />, width: 130 },
                  { name: "actor", label: "Who", cell: (row) => row.actorName },
                  { name: "action", label: "What", cell: (row) => row.action },
                  { name: "target", label: "On", cell: (row) => <Target entry={row} /> },
                  { name: "verdict", label: "Verdict", cell: (row) => <Status is={row.verdict === "done" ? "ok" : "failing"} word={row.verdict === "done" ? "Done" : "Denied"} />, width: 120 },
                ]}
              />
              {query.hasNextPage && (
                <Group justify="center">
                  <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    Older
                  </Button>
                </Group>
              )}
            </>
          ) : Object.keys(filters).length > 0 ? (
            <EmptyFiltered what="entry" clear={() => change(NONE)} />
          ) : (
            <EmptyFirst icon={IconListDetails} title="Nothing is written yet">
              Each change and each refusal will stand here, and stay: entries cannot be changed.
            </EmptyFirst>
          )
        }
      </Answered>
      <Details entry={open} close={() => change({ selected: "" })} />
    </Stack>
  );
}

/** Things whose name says nothing have it in their details. */
function Target({ entry }: { entry: AuditEntry }) {
  const { name } = entry.details;
  return (
    <Text size="sm" component="span">
      {entry.resource} {typeof name === "string" && name ? name : entry.resourceId}
    </Text>
  );
}
