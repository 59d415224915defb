/** What a folder of `features/` brings: its pages, its place in the navigation, what the palette finds of it. */

import type { QueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";

export interface Page {
  /** Below `/ui`, such as `/connectors/$namespace/$name`. */
  path: string;
  /** Of the browser's window. */
  title: string;
  load: () => Promise<{ default: ComponentType }>;
  /** Asks for what the page will show, while its code is still on its way. */
  ahead?: (queries: QueryClient) => void;
}

export interface NavigationEntry {
  label: string;
  path: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string; "aria-hidden"?: boolean }>;
  /** Where it stands; the lowest first. */
  order: number;
  /** After `g`. */
  key?: string;
}

export interface Found {
  id: string;
  label: string;
  description?: string;
  group: string;
  path: string;
}

export interface Feature {
  pages: readonly Page[];
  navigation?: readonly NavigationEntry[];
  /** What the palette offers for a text; asked again with each letter. */
  find?: (text: string, queries: QueryClient) => Promise<readonly Found[]>;
}

const modules = import.meta.glob<{ feature: Feature }>("../features/*/feature.ts", { eager: true });

/** All features. A new folder is found by itself. */
export const features: readonly Feature[] = Object.keys(modules)
  .sort()
  .map((name) => (modules[name] as { feature: Feature }).feature);

/** The navigation of all features, in order. */
export const navigation: readonly NavigationEntry[] = features
  .flatMap((each) => each.navigation ?? [])
  .sort((one, other) => one.order - other.order);
