/** The record of calls. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { read, type Query } from "./lists";
import type { Execution, ExecutionSummary, Listed } from "./types";

export const executionsQuery = (query: Query = {}) =>
  queryOptions({
    queryKey: ["executions", "list", query],
    queryFn: () => read<Listed<ExecutionSummary>>("/api/executions", query),
  });

export const executionQuery = (id: string) =>
  queryOptions({ queryKey: ["executions", "one", id], queryFn: () => read<Execution>(`/api/executions/${encodeURIComponent(id)}`) });

export const treeQuery = (id: string) =>
  queryOptions({
    queryKey: ["executions", "tree", id],
    queryFn: () => read<Listed<ExecutionSummary>>(`/api/executions/${encodeURIComponent(id)}/tree`),
  });

/** The page of a call. */
export function executionPage(id: string): string {
  return `/executions/${encodeURIComponent(id)}`;
}

/** Page after page, the newest first. It is read again only on purpose: rows do not move while they are read. */
export const callsQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ["executions", "pages", query],
    queryFn: ({ pageParam }) => read<Listed<ExecutionSummary>>("/api/executions", { ...query, pageSize: 50, total: false, cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor || undefined,
    refetchOnMount: "always",
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Give an execution the input that it waits for. */
export async function continueExecution(id: string, input: unknown): Promise<Execution> {
  return (await send("POST", `/api/executions/${encodeURIComponent(id)}/continue`, input)) as Execution;
}

export const STATUSES = ["PENDING", "RUNNING", "AWAITING_INPUT", "COMPLETED", "FAILED", "CANCELLED", "UNKNOWN_OUTCOME"] as const;
