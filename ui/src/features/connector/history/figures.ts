/** How calls went, in numbers. */

import type { ExecutionSummary } from "~/api/types";

export interface Figures {
  calls: number;
  failed: number;
  /** Milliseconds. */
  p50: number | null;
  p95: number | null;
  /** Kinds of failure, the most frequent first. */
  errors: { code: string; count: number }[];
}

const FAILED = new Set(["FAILED", "UNKNOWN_OUTCOME"]);

export function figuresOf(calls: readonly ExecutionSummary[]): Figures {
  const times = calls.flatMap((each) => (each.durationMs === null ? [] : [each.durationMs])).sort((one, other) => one - other);
  const counts = new Map<string, number>();
  for (const each of calls.filter(hasFailed)) counts.set(codeOf(each), (counts.get(codeOf(each)) ?? 0) + 1);
  return {
    calls: calls.length,
    failed: calls.filter(hasFailed).length,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    errors: [...counts].map(([code, count]) => ({ code, count })).sort((one, other) => other.count - one.count),
  };
}

export function hasFailed(call: ExecutionSummary): boolean {
  return FAILED.has(call.status);
}

export function codeOf(call: ExecutionSummary): string {
  return call.errorCode || "no code";
}

/** By the nearest rank, which is always a time that was measured. */
function percentile(sorted: readonly number[], part: number): number | null {
  return sorted.length === 0 ? null : (sorted[Math.ceil(part * sorted.length) - 1] as number);
}
