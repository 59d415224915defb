/** A part of a view that stands in the address: filters, tabs, the selected row. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type Search = Record<string, string | undefined>;

/** All of it, and how to change some. An empty text takes a part out. */
export function useUrlSearch(): [Search, (change: Search, options?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (changed: Search, { push = false } = {}) => {
      void navigate({
        to: ".",
        search: ((before: Search) => ({ ...before, ...changed })) as never,
        replace: !push,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}

/** One part of it. */
export function useUrlState(name: string, otherwise = ""): [string, (value: string) => void] {
  const [search, change] = useUrlSearch();
  const set = useCallback((value: string) => change({ [name]: value === otherwise ? "" : value }), [change, name, otherwise]);
  return [search[name] ?? otherwise, set];
}
