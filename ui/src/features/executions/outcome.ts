/** What the record of a call tells of how it ended: an envelope, or an error where it could not start. */

import type { Execution } from "~/api/types";

export interface Told {
  payload: unknown;
  hasPayload: boolean;
  error: string;
  code: string;
  hint: string;
  diagnostics: Record<string, unknown>;
  variables: Record<string, unknown>;
  metadata: Record<string, unknown>;
  log: readonly { level: string; message: string }[];
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function toldOf(execution: Execution): Told {
  const outcome = object(execution.outcome);
  const metadata = object(outcome.metadata);
  const lines = Array.isArray(metadata.log) ? metadata.log.map(object) : [];
  const failed = execution.status !== "COMPLETED";
  return {
    payload: outcome.payload,
    hasPayload: outcome.payload !== undefined && outcome.payload !== null,
    error: text(outcome.error) || text(outcome.detail) || (failed && execution.errorCode ? execution.preview : ""),
    code: text(outcome.code) || execution.errorCode || "",
    hint: text(outcome.hint),
    diagnostics: { ...object(outcome.details), ...object(outcome.diagnostics) },
    variables: object(outcome.variables),
    metadata,
    log: lines.map((each) => ({ level: text(each.level), message: text(each.message) })),
  };
}

/** Whether a call can still change. */
export function isOpen(execution: { status: string }): boolean {
  return execution.status === "PENDING" || execution.status === "RUNNING";
}

/** `default/demo` in its two parts; null where a type was called without a connector. */
export function connectorOf(execution: { connector: string; connectorId: string | null }): { namespace: string; name: string } | null {
  const [namespace, name] = execution.connector.split("/");
  return execution.connectorId && namespace && name ? { namespace, name } : null;
}
