/** The record of calls. */

import { queryOptions } from "@tanstack/react-query";
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
