/** The settings that the server runs with, and where each one comes from. */

import { queryOptions } from "@tanstack/react-query";
import { read } from "./lists";

export interface Setting {
  name: string;
  /** Never of a secret. */
  value: unknown;
  default: unknown;
  /** `default`, `file (PATH)`, `environment (VARIABLE)` or `argument`. */
  source: string;
  variable: string;
  description: string;
  secret: boolean;
  isSet?: boolean;
}

export interface SettingsShown {
  settings: Setting[];
  about: Record<string, unknown>;
}

interface Told extends Partial<SettingsShown> {
  items?: Setting[];
}

export const settingsQuery = () =>
  queryOptions({
    queryKey: ["settings"],
    queryFn: async (): Promise<SettingsShown> => {
      const told = await read<Told>("/api/settings");
      return { settings: told.settings ?? told.items ?? [], about: told.about ?? {} };
    },
  });
