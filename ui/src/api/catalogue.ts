/** Connector types: what connectors can be made of. */

import { queryOptions } from "@tanstack/react-query";
import { read, readAll } from "./lists";
import type { components } from "./schema";
import type { ConnectorType } from "./types";

export type TypeDetails = components["schemas"]["ConnectorTypeDetails"];
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
  queryOptions({ queryKey: ["connector-types", "one", name], queryFn: () => read<TypeDetails>(address(name)) });

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
