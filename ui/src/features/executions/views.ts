/** Filters that somebody keeps under a name, in this browser. */

import { useState } from "react";
import type { Filter } from "./filters";

export interface View {
  name: string;
  filters: Partial<Record<Filter, string>>;
}

const KEY = "jackfield-call-views";

function load(): View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each): each is View => typeof each?.name === "string" && typeof each?.filters === "object") : [];
  } catch {
    return [];
  }
}

export function useViews(): { views: readonly View[]; keep: (view: View) => void; forget: (name: string) => void } {
  const [views, setViews] = useState(load);
  const change = (next: View[]) => {
    setViews(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Without storage they last as long as the page.
    }
  };
  return {
    views,
    keep: (view) => change([...views.filter((each) => each.name !== view.name), view].sort((one, other) => one.name.localeCompare(other.name))),
    forget: (name) => change(views.filter((each) => each.name !== name)),
  };
}
