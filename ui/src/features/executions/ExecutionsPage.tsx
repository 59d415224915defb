/** All calls: narrowed by filters, followed live, looked at beside the list. */

import { Button, Drawer, Grid, Group, Stack, Text } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconHistory, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { withQuery } from "~/api/lists";
import { usersQuery } from "~/api/people";
import { useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ExportButton } from "~/shared/download/ExportButton";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { CallTable } from "./CallTable";
import { commandLine } from "./copies";
import { Filters } from "./Filters";
import { filtersOf, NONE, queryOf, toldOf } from "./filters";
import { Interrupted, LiveSwitch, Waiting } from "./LiveBar";
import { Preview } from "./Preview";
import { SavedViews } from "./SavedViews";
import { useCalls } from "./useCalls";

export default function ExecutionsPage() {
  const [search, change] = useUrlSearch();
  const { user, id: me } = useSession();
  const filters = filtersOf(search);
  const query = queryOf(filters);
  const selected = search.selected ?? "";
  const [live, setLive] = useLocalStorage({ key: "jackfield-live-calls", defaultValue: true, getInitialValueInEffect: false });
  const isReading = useCallback(() => selected !== "" || isAtWork(), [selected]);
  const calls = useCalls(query, { live, isReading });
  const { data: users } = useQuery(usersQuery());
  const names = useMemo(() => new Map([[me, user], ...(users ?? []).map((each) => [each.id, each.name] as const)]), [users, me, user]);
  const select = useCallback((id: string) => change({ selected: id }), [change]);
  const wide = useMediaQuery("(min-width: 1200px)", true, { getInitialValueInEffect: false });
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page
      title="Calls"
      about="Each command that ran, whoever or whatever started it. Secrets in it are masked."
      actions={
        <>
          <LiveSwitch live={live} setLive={setLive} state={calls.state} refusal={query.until ? "Not with a time in “Before”" : ""} />
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => void calls.refresh()}>
            Refresh
          </Button>
          <SavedViews />
          <ExportButton path="/api/executions" query={query} file="calls.jsonl" />
          <CopyAs snippets={[curl({ method: "GET", path: withQuery("/api/executions", query) }), commandLine(filters)]} />
        </>
      }
    >
      <Filters />
      <Interrupted state={live ? calls.state : "off"} since={calls.since} stop={() => setLive(false)} />
      <Answered query={calls.pages} skeleton={<TableSkeleton rows={10} />}>
        {() => (
          <Grid gap="md">
            <Grid.Col span={selected && wide ? 7 : 12}>
              <Waiting count={calls.waiting} missed={calls.missed} show={calls.show} />
              {calls.rows.length === 0 ? (
                filtered ? (
                  <Stack gap={0}>
                    <EmptyFiltered what="call" clear={() => change(NONE)} />
                    <Text ta="center" size="sm" c="dimmed">
                      {toldOf(filters, names).join(" · ")}
                    </Text>
                  </Stack>
                ) : (
                  <EmptyFirst icon={IconHistory} title="Nothing was called yet">
                    Each call of a command will stand here: from this page, from programs, from agents. Open a connector and run a command to see the first.
                  </EmptyFirst>
                )
              ) : (
                <CallTable rows={calls.rows} names={names} selected={selected} select={select} narrow={selected !== "" && wide} />
              )}
              {calls.pages.hasNextPage && (
                <Group justify="center" mt="sm">
                  <Button variant="default" loading={calls.pages.isFetchingNextPage} onClick={() => void calls.pages.fetchNextPage()}>
                    Older
                  </Button>
                </Group>
              )}
              {calls.rows.length > 0 && (
                <Text size="xs" c="dimmed" mt="xs">
                  {calls.rows.length} {calls.pages.hasNextPage ? "newest calls" : calls.rows.length === 1 ? "call" : "calls"}. Space shows one here, Enter opens it.
                </Text>
              )}
            </Grid.Col>
            {selected && wide && (
              <Grid.Col span={5}>
                <Preview id={selected} close={() => select("")} />
              </Grid.Col>
            )}
          </Grid>
        )}
      </Answered>
      <Drawer opened={selected !== "" && !wide} onClose={() => select("")} title="Call" position="right" closeButtonProps={{ "aria-label": "Close" }}>
        {selected && <Preview id={selected} />}
      </Drawer>
    </Page>
  );
}

/** Whether somebody points at a row, is at one by keyboard, or has gone down the list: then no row moves. */
function isAtWork(): boolean {
  const table = document.querySelector("[data-calls]");
  if (!table) return false;
  const scrolled = window.scrollY > 40 || (table.querySelector("[data-virtual]")?.scrollTop ?? 0) > 4;
  return scrolled || table.matches(":hover") || table.contains(document.activeElement);
}
