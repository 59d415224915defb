/** The stored mocks of a connector. */

import type { Answer, Command } from "~/api/connectors";
import type { Connector } from "~/api/types";

export interface Mocks {
  enabled?: boolean;
  /** The scenario where a call names none. */
  scenario?: string;
  data?: Record<string, Record<string, unknown>>;
  /** JavaScript with a function for each command that it answers for. */
  script?: string;
}

export const DEFAULT_SCENARIO = "default";

export function mocksOf(connector: Connector): Mocks {
  return connector.mocks as Mocks;
}

/** The scenarios of a command: those that are stored, then those that came with its type. */
export function scenariosOf(connector: Connector, name: string, command: Command | undefined): string[] {
  const stored = Object.keys(mocksOf(connector).data?.[name] ?? {});
  return [...new Set([...stored, ...(command?.scenarios ?? [])])];
}

export function withScenario(mocks: Mocks, command: string, scenario: string, outcome: unknown): Mocks {
  return { ...mocks, data: { ...mocks.data, [command]: { ...mocks.data?.[command], [scenario]: outcome } } };
}

export function withoutScenario(mocks: Mocks, command: string, scenario: string): Mocks {
  const { [scenario]: _, ...left } = mocks.data?.[command] ?? {};
  const { [command]: __, ...others } = mocks.data ?? {};
  return { ...mocks, data: Object.keys(left).length > 0 ? { ...others, [command]: left } : others };
}

/** An answer as a mock gives it: without what is of that one call. */
export function outcomeOf(answer: Answer): Record<string, unknown> {
  const { success, payload, error, code, diagnostics, variables } = answer;
  return {
    success,
    ...(payload === undefined || payload === null ? {} : { payload }),
    ...(success ? {} : { error, code }),
    ...(diagnostics && Object.keys(diagnostics).length > 0 ? { diagnostics } : {}),
    ...(variables && Object.keys(variables).length > 0 ? { variables } : {}),
  };
}

export const EXAMPLE = { success: true, payload: {} };

/** A script to begin with, for one command. */
export function scriptFor(command: string): string {
  return [
    "// A function for each command that this script answers for. What it does not answer, the scenarios do.",
    `function ${/^[A-Za-z_$][\w$]*$/.test(command) ? command : "my_command"}() {`,
    "  return { success: true, payload: { given: floh.params } };",
    "}",
    "",
  ].join("\n");
}
