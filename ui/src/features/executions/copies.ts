/** The same from a terminal. */

import type { Snippet } from "~/shared/copy/CopyAs";
import type { Filter } from "./filters";

const OPTIONS: Partial<Record<Filter, string>> = { connector: "--connector", command: "--command", status: "--status", trigger: "--trigger", caller: "--caller", runId: "--run", since: "--since", until: "--until" };

export function commandLine(filters: Partial<Record<Filter, string>>): Snippet {
  const options = Object.entries(filters).flatMap(([name, value]) => (OPTIONS[name as Filter] ? [`${OPTIONS[name as Filter]} '${value}'`] : []));
  return { name: "Command line", text: ["jackfield executions list", ...options].join(" ") };
}

/** One call from a terminal. */
export function showLine(id: string): Snippet {
  return { name: "Command line (this record)", text: `jackfield executions show ${id}` };
}
