/** Why a call failed, in words for who tries a connector. */

import type { Answer } from "~/api/connectors";

const TITLES: Record<string, string> = {
  "script-timeout": "The script reached its limit of time",
  "script-out-of-memory": "The script reached its limit of memory",
  "script-stack-exceeded": "The functions of the script call each other too deeply",
  "script-result-too-large": "The script returned more than it may",
  "script-host-calls-exceeded": "The script sent more requests than one call may",
  "script-request-invalid": "The script asked for a request that makes no sense",
  "script-function-missing": "The script has no function for this command",
  "script-invalid": "The script cannot be loaded",
  "sandbox-lost": "The sandbox ended in the middle of the call",
  "sandbox-unavailable": "This server cannot run scripts",
  "legacy-protocol": "The script returned keys of protocol 1.x",
  "bad-outcome": "What was returned is half an outcome",
  "url-refused": "The network policy forbids the address",
  "upstream-status": "The service answered with an error",
  unreachable: "The service could not be reached",
  timeout: "The call took longer than it may",
  "tls-failed": "There is no safe connection to the service",
};

export function titleOf({ code }: Answer): string {
  return (code && TITLES[code]) || "It ran, and failed";
}

/** The rule of the network policy that refused an address. */
export function ruleOf({ code, diagnostics }: Answer): string {
  const reason = diagnostics?.reason;
  return code === "url-refused" && typeof reason === "string" ? reason : "";
}

export function hintOf({ diagnostics }: Answer): string {
  const hint = diagnostics?.hint;
  return typeof hint === "string" ? hint : "";
}

/** Where in the script, if it is known. */
export function lineOf({ diagnostics }: Answer): { line: number; column?: number } | null {
  const { line, column } = diagnostics ?? {};
  if (typeof line !== "number" || line < 1) return null;
  return typeof column === "number" && column > 0 ? { line, column } : { line };
}
