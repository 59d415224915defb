/** The calls of a list, page after page, and those that happen meanwhile, which wait while somebody reads. */

import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { callsQuery, executionsQuery } from "~/api/executions";
import { withQuery, type Query } from "~/api/lists";
import type { ExecutionSummary, Listed } from "~/api/types";
import { useLive } from "~/shared/live/useLive";

/** More than so many new ones are not held: then the list is read again. */
const HELD = 500;
const HEAD = 50;

type Pages = InfiniteData<Listed<ExecutionSummary>, string>;

export function useCalls(query: Query, { live, isReading }: { live: boolean; isReading: () => boolean }) {
  const client = useQueryClient();
  const options = callsQuery(query);
  const pages = useInfiniteQuery(options);
  const of = JSON.stringify(query);
  const [news, setNews] = useState<{ of: string; shown: ExecutionSummary[]; held: ExecutionSummary[] }>({ of, shown: [], held: [] });
  const current = news.of === of ? news : { of, shown: [], held: [] };
  const [missed, setMissed] = useState(false);
  const loaded = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const rows = useMemo(() => merged(current.shown, loaded), [current.shown, loaded]);
  const latest = useRef({ loaded, hasMore: pages.hasNextPage });
  latest.current = { loaded, hasMore: pages.hasNextPage };

  /** Read the list anew, its first page only: the others would hold up the first. */
  const refresh = useCallback(async () => {
    setMissed(false);
    client.setQueryData<Pages>(options.queryKey, (before) => before && { pages: before.pages.slice(0, 1), pageParams: before.pageParams.slice(0, 1) });
    await client.refetchQueries({ queryKey: options.queryKey, exact: true });
    setNews({ of, shown: [], held: [] });
  }, [client, of]);

  const absorb = useCallback(
    (items: readonly ExecutionSummary[]) => {
      const known = new Set(latest.current.loaded.map((each) => each.id));
      const changed = new Map(items.filter((each) => known.has(each.id)).map((each) => [each.id, each]));
      if (changed.size > 0) {
        client.setQueryData<Pages>(options.queryKey, (before) => before && { ...before, pages: before.pages.map((page) => ({ ...page, items: page.items.map((each) => changed.get(each.id) ?? each) })) });
      }
      const last = latest.current.hasMore ? (latest.current.loaded.at(-1)?.started ?? "") : "";
      const fresh = items.filter((each) => !known.has(each.id) && each.started >= last);
      if (fresh.length === 0) return;
      const reading = isReading();
      setNews((before) => {
        const kept = before.of === of ? before : { of, shown: [], held: [] };
        const [inShown, others] = split(fresh, kept.shown);
        const shown = merged(inShown, kept.shown);
        if (reading) return { of, shown, held: merged(others, kept.held).slice(0, HELD) };
        return { of, shown: merged([...others, ...kept.held], shown), held: [] };
      });
    },
    [client, of, isReading],
  );

  const readAgain = () => (isReading() ? setMissed(true) : void refresh());

  /** What happened before the stream began. Where that is more than a page, the list has a hole, and is read again. */
  const catchUp = async () => {
    const before = latest.current.loaded;
    const page = await client.fetchQuery({ ...executionsQuery({ ...query, pageSize: HEAD, total: false }), staleTime: 0 }).catch(() => null);
    if (page === null) return;
    const known = new Set(before.map((each) => each.id));
    const hole = before.length > 0 && page.items.length === HEAD && !page.items.some((each) => known.has(each.id));
    if (hole) readAgain();
    else absorb(page.items);
  };

  const streamed = live && !query.until;
  const { state, since } = useLive<ExecutionSummary>({
    path: streamed ? withQuery("/api/executions/stream", { ...query, since: undefined }) : null,
    event: "execution",
    onEvent: (item) => {
      if (typeof query.since !== "string" || item.started >= query.since) absorb([item]);
    },
    onGap: (reason) => void (reason === "begun" ? catchUp() : readAgain()),
  });
  const show = () => {
    if (missed || current.held.length >= HELD) return void refresh();
    setNews({ of, shown: merged(current.held, current.shown), held: [] });
  };
  return { pages, rows, waiting: current.held.length, missed, show, refresh, state, since };
}

/** Those that are in the list already, and the others. */
function split(items: readonly ExecutionSummary[], list: readonly ExecutionSummary[]): [ExecutionSummary[], ExecutionSummary[]] {
  const known = new Set(list.map((each) => each.id));
  return [items.filter((each) => known.has(each.id)), items.filter((each) => !known.has(each.id))];
}

/** Both lists, each call once as the first has it, the newest first. */
function merged(first: readonly ExecutionSummary[], second: readonly ExecutionSummary[]): ExecutionSummary[] {
  const all = new Map([...second, ...first].map((each) => [each.id, each]));
  return [...all.values()].sort((one, other) => other.started.localeCompare(one.started) || other.id.localeCompare(one.id));
}
