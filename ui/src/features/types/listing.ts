/** Which types are shown. */

import type { ConnectorType } from "~/api/types";

const ORIGINS: Record<ConnectorType["origin"], string> = {
  package: "Came with Jackfield or a package",
  stored: "Made on this server",
  process: "Of a file, or of the program",
};

export function originWord(origin: ConnectorType["origin"]): string {
  return ORIGINS[origin];
}

/** The first paragraph of what it says about itself. */
export function firstWords(text: string): string {
  return text.split(/\n\s*\n/, 1)[0] ?? "";
}

export function chosenTypes(types: readonly ConnectorType[], text: string, category: string, kind: string): ConnectorType[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return types
    .filter((each) => {
      const searched = [each.name, each.displayName, each.description, each.category, ...each.tags, ...each.commands].join(" ").toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .filter((each) => (!category || each.category === category) && (!kind || each.executionModel === kind))
    .sort((one, other) => (one.displayName || one.name).localeCompare(other.displayName || other.name));
}

/** What stands between a person and a new connector of a type; empty where nothing does. */
export function notInstalled(type: ConnectorType): string {
  if (!type.installed) return "What this type needs is not installed on this server. Install its package, then start the server again.";
  return type.enabled ? "" : "This type is disabled.";
}
