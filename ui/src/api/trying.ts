/** Calling a connector that is kept nowhere. */

import { send } from "./client";
import type { Answer, ExecuteOptions } from "./connectors";
import type { NewConnector } from "./creating";

export interface SentRequest {
  method: string;
  url: string;
  ms: number;
  status?: number;
  /** Why nothing came back, such as `url-refused`. */
  code?: string;
  error?: string;
}

export interface Usage {
  durationMs?: number | null;
  requests?: number;
  cpuMs?: number;
  wallMs?: number;
  memoryBytes?: number;
  hostCalls?: number;
}

/** An outcome, with what led to it. */
export interface Trial extends Answer {
  logs: readonly { level: string; message: string }[];
  requests: readonly SentRequest[];
  usage: Usage;
  leftOut: { logs?: number; requests?: number };
}

export interface Tried {
  command: string;
  params: unknown;
  options?: ExecuteOptions;
}

export async function tryConnector(connector: NewConnector, { command, params, options = {} }: Tried, signal?: AbortSignal): Promise<Trial> {
  return (await send("POST", "/api/connectors/try", { connector, command, params, options }, { signal })) as Trial;
}
