/** Reading OpenAPI documents. Nothing of them is kept. */

import { send } from "./client";
import type { ConfigField } from "./connectors";
import type { NewConnector } from "./creating";
import type { Schema } from "~/shared/form/schema";

export interface ParsedOperation {
  name: string;
  method: string;
  path: string;
  displayName: string;
  description: string;
  params: Schema;
  tags: string[];
  readsOnly: boolean;
  destructive: boolean;
  deprecated: boolean;
  authRequired: boolean;
}

export interface DocumentWarning {
  pointer: string;
  message: string;
}

export interface ParsedDocument {
  name: string;
  title: string;
  description: string;
  version: string;
  openapi: string;
  baseUrl: string;
  authRequired: boolean;
  commands: ParsedOperation[];
  fields: Record<string, ConfigField>;
  warnings: DocumentWarning[];
  draft: NewConnector;
  script: string | null;
}

export interface ParseAsked {
  /** The document as text or object, or its address. */
  spec?: unknown;
  specUrl?: string;
  name?: string;
  select?: readonly string[];
  exportScript?: boolean;
  draft?: boolean;
}

export async function parseOpenApi(asked: ParseAsked, signal?: AbortSignal): Promise<ParsedDocument> {
  return (await send("POST", "/api/connectors/parse-openapi", asked, { signal })) as ParsedDocument;
}
