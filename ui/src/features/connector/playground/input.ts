/** What a person has put in for a command; kept while they look at others. */

import type { Answer, Command, ExecuteOptions } from "~/api/connectors";
import type { Problem } from "~/api/problem";
import { defaultsOf } from "~/shared/form/schema";
import type { Values } from "~/shared/form/SchemaForm";

export interface Options {
  /** Milliseconds. */
  timeout: number | null;
  mock: boolean;
  scenario: string;
  plan: boolean;
  /** Empty for the default. */
  environment: string;
  /** Id of the credential; empty for the one that calls use which name none. */
  credential: string;
}

export interface Input {
  params: Values;
  options: Options;
  run: Run | null;
}

/** What became of the last press of “Run”. */
export type Run =
  | { state: "running"; since: number }
  | { state: "answered"; answer: Answer; tookMs: number; params: Values }
  | { state: "refused"; problem: Problem }
  | { state: "cancelled"; afterMs: number };

export function firstInput(command: Command): Input {
  return { params: defaultsOf(command.params), options: { timeout: null, mock: false, scenario: "", plan: false, environment: "", credential: "" }, run: null };
}

/** The options as the server takes them. What is not set is left out. */
export function askedOptions({ timeout, mock, scenario, plan, environment, credential }: Options): ExecuteOptions {
  return {
    ...(timeout === null ? {} : { timeout }),
    ...(mock ? { useMock: true, ...(scenario ? { scenario } : {}) } : {}),
    ...(plan ? { plan: true } : {}),
    ...(environment ? { environment } : {}),
    ...(credential && !mock ? { credentialId: credential } : {}),
  };
}
