/** Names for what the server answers. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Connector = Schemas["Connector"];
export type ConnectorType = Schemas["ConnectorType"];
export type Execution = Schemas["Execution"];
export type ExecutionSummary = Schemas["ExecutionSummary"];
export type Outcome = Schemas["Outcome"];
export type Secret = Schemas["Secret"];
export type Token = Schemas["Token"];

/** A page of a list. */
export interface Listed<T> {
  items: T[];
  total: number | null;
  page: number | null;
  pageSize: number;
  nextCursor?: string;
}
