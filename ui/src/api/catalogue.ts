/** Connector types: what connectors can be made of. */

import { queryOptions } from "@tanstack/react-query";
import type { ConfigSchema } from "./connectors";
import { read, readAll } from "./lists";
import type { components } from "./schema";
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

/** What a credential of a connector may be. */
export interface Accepted {
  /** The `type` of its type's `auth`. */
  scheme: string;
  /** Of OAuth 2.0. */
  grant: string;
  /** A person can sign in at the service. */
  signIn: boolean;
  /** Or do so on another device. */
  device: boolean;
  /** A token that somebody has got elsewhere is taken. */
  paste: boolean;
  scopes: string[];
  /** Values beside the connection fields. */
  parts: { name: string; label: string; secret: boolean }[];
}

export type TypeDetails = Omit<components["schemas"]["ConnectorTypeDetails"], "definition" | "credentials"> & { definition: Definition; credentials: Accepted };
export type TypeVersion = components["schemas"]["ConnectorTypeVersion"];
export type TypeVersionDetails = components["schemas"]["ConnectorTypeVersionDetails"];
export type Capabilities = components["schemas"]["ConnectorTypeCapabilities"];

const address = (name: string) => `/api/connector-types/${encodeURIComponent(name)}`;

/** The page of a type. */
export function typePage(name: string): string {
  return `/types/${encodeURIComponent(name)}`;
}

export const typesQuery = () =>
  queryOptions({ queryKey: ["connector-types", "all"], queryFn: () => readAll<ConnectorType>("/api/connector-types"), staleTime: 60_000 });

export const typeQuery = (name: string) =>
  queryOptions({ queryKey: ["connector-types", "one", name], queryFn: () => read<TypeDetails>(address(name)), enabled: name !== "" });

export const versionsQuery = (name: string) =>
  queryOptions({ queryKey: ["connector-types", "versions", name], queryFn: () => readAll<TypeVersion>(`${address(name)}/versions`) });

export const versionQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ["connector-types", "version", name, version],
    queryFn: () => read<TypeVersionDetails>(`${address(name)}/versions/${encodeURIComponent(version)}`),
    staleTime: Infinity,
  });

export const capabilitiesQuery = (name: string) =>
  queryOptions({
    queryKey: ["connector-types", "capabilities", name],
    queryFn: () => read<Capabilities>(`${address(name)}/capabilities`, { full: true }),
  });
