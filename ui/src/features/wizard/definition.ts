/** What a draft defines: its connection, its commands, and what the server finds wrong with it. */

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { Command, ConfigField } from "~/api/connectors";
import { checkConnector, type Checked } from "~/api/creating";
import { typeQuery } from "~/api/catalogue";
import { configSchemaOf } from "~/api/connectors";
import { definitionBody } from "./body";
import type { Draft } from "./draft";
import { parsedQuery, selectedOf } from "./openapi/parsing";
import { yamlFault } from "~/shared/yaml/document";

const PAUSE_MS = 500;

export interface Defined {
  fields: Record<string, ConfigField>;
  commands: Record<string, Command>;
  warnings: readonly string[];
  /** For the connector, unless the person says another. */
  name: string;
  displayName: string;
  description: string;
}

export interface Definition {
  data: Defined | undefined;
  error: unknown;
  /** The server is being asked. */
  pending: boolean;
  retry: () => void;
}

export function useDefinition(draft: Draft): Definition {
  const type = useTypeDefinition(draft);
  const parsed = useParsedDefinition(draft);
  const checked = useCheckedDefinition(draft);
  return draft.kind === "built_in" ? type : draft.kind === "openapi" ? parsed : checked;
}

function useTypeDefinition({ kind, type }: Draft): Definition {
  const query = useQuery({ ...typeQuery(type), enabled: kind === "built_in" && type !== "" });
  const found = query.data;
  return {
    data: found && {
      fields: found.definition.configSchema.connectionConfig,
      commands: found.definition.configSchema.commands,
      warnings: found.warnings,
      name: found.name,
      displayName: "",
      description: found.description.split("\n")[0] ?? "",
    },
    error: query.error,
    pending: query.isFetching,
    retry: () => void query.refetch(),
  };
}

function useParsedDefinition(draft: Draft): Definition {
  const query = useQuery({ ...parsedQuery(draft.openapi), enabled: draft.kind === "openapi" && draft.openapi.asked !== "" });
  const found = query.data;
  const selected = found && new Set(selectedOf(draft.openapi, found));
  return {
    data: found && {
      fields: found.fields,
      commands: Object.fromEntries(
        found.commands
          .filter((each) => selected?.has(each.name))
          .map((each) => [draft.openapi.names[each.name] ?? each.name, { ...each, ...BARE }]),
      ),
      warnings: [],
      name: found.name,
      displayName: found.title,
      description: firstLine(found.description),
    },
    error: query.error,
    pending: query.isFetching,
    retry: () => void query.refetch(),
  };
}

const BARE = { slug: "", outputs: [], outputSchema: null, idempotent: false, addedInVersion: null, tool: true, scenarios: [] };

function firstLine(text: string): string {
  return (text.split("\n").find((line) => line.trim() !== "") ?? "").slice(0, 300);
}

function useCheckedDefinition(draft: Draft): Definition {
  const mine = draft.kind === "script" || draft.kind === "http";
  const [settled] = useDebouncedValue(mine ? JSON.stringify(definitionBody(draft)) : "", PAUSE_MS);
  const faulty = draft.kind === "http" && yamlFault(draft.http.yaml) !== null;
  const query = useQuery({
    queryKey: ["checked", settled],
    queryFn: ({ signal }) => checkConnector(JSON.parse(settled), signal),
    enabled: mine && settled !== "" && !faulty,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const good = useRef<Checked | undefined>(undefined);
  if (query.data) good.current = query.data;
  const found = mine ? good.current : undefined; // what was right last helps while something is wrong
  const schema = found && configSchemaOf(found);
  return {
    data: found &&
      schema && {
        fields: schema.connectionConfig,
        commands: schema.commands,
        warnings: found.warnings,
        name: found.name === "trial" ? "" : found.name,
        displayName: found.displayName,
        description: found.description,
      },
    error: faulty ? null : query.error,
    pending: query.isFetching || (mine && settled === ""),
    retry: () => void query.refetch(),
  };
}
