/** A draft as what `POST /api/connectors` takes. */

import { isKeptSecret } from "~/api/drafts";
import type { NewConnector } from "~/api/creating";
import { commandsOf, fieldsOf } from "~/shared/script/rows";
import type { Draft } from "./draft";
import { yamlObject } from "~/shared/yaml/document";

/** What it is, without its name and connection. Of an OpenAPI document the server makes it: see `openapi/parsing`. */
export function definitionBody(draft: Draft): NewConnector {
  switch (draft.kind) {
    case "built_in":
      return { type: draft.type };
    case "script":
      return {
        executionModel: "script",
        scriptSource: draft.script.source,
        configSchema: { connectionConfig: fieldsOf(draft.script.fields), commands: commandsOf(draft.script.commands) },
      };
    case "http":
      return yamlObject(draft.http.yaml);
    case "openapi":
      return {};
  }
}

/** All of it. What is empty is left out. */
export function bodyOf(draft: Draft, definition: NewConnector, name: string): NewConnector {
  const said = { displayName: draft.displayName, description: draft.description, category: draft.category };
  const written = (definition.config ?? {}) as Record<string, unknown>;
  const config = { ...written, ...draft.config };
  return {
    name,
    ...(draft.namespace === "default" ? {} : { namespace: draft.namespace }),
    ...withoutNaming(definition),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")),
    ...(Object.keys(config).length > 0 ? { config } : {}),
  };
}

function withoutNaming({ name: _, namespace: __, config: ___, ...others }: NewConnector): NewConnector {
  return others;
}

/** The same with names of secrets in place of secrets, for files and terminals. */
export function withoutSecrets({ draft: _, ...body }: NewConnector, secrets: readonly string[]): NewConnector {
  const config = body.config as Record<string, unknown> | undefined;
  if (config === undefined) return body;
  const shown = Object.entries(config).map(([field, value]) => [
    field,
    secrets.includes(field) && (typeof value === "string" || isKeptSecret(value)) ? { secret: secretName(String(body.name ?? ""), field) } : value,
  ]);
  return { ...body, config: Object.fromEntries(shown) };
}

function secretName(name: string, field: string): string {
  return `${name}_${field.replace(/([a-z0-9])([A-Z])/g, "$1_$2")}`.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();
}
