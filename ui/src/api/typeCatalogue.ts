/** Types of connectors: what there is to make connectors of. */

import { queryOptions } from "@tanstack/react-query";
import type { ConfigSchema } from "./connectors";
import { read, readAll } from "./lists";
import type { ConnectorType } from "./types";

/** The definition of a type, as far as the UI looks at it. */
export interface Definition {
  configSchema: ConfigSchema;
  /** What is particular to its execution model. */
  source: { scriptSource?: string; limits?: Limits; [key: string]: unknown };
  [key: string]: unknown;
}

/** Of a script. */
export interface Limits {
  memoryMb?: number;
  cpuMs?: number;
  wallMs?: number;
}

export type TypeDetails = Omit<ConnectorType, "definition"> & {
  definition: Definition;
};

export const typeCatalogueQuery = () =>
  queryOptions({ queryKey: ["connector-types", "all"], queryFn: () => readAll<ConnectorType>("/api/connector-types") });

export const typeDetailsQuery = (name: string) =>
  queryOptions({
    queryKey: ["connector-types", "one", name],
    queryFn: () => read<TypeDetails>(`/api/connector-types/${encodeURIComponent(name)}`),
    enabled: name !== "",
  });
