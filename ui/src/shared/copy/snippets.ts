/** Requests as people write them elsewhere. */

import type { Snippet } from "./CopyAs";

export interface Asked {
  method: string;
  /** With its query, such as `/api/connectors`. */
  path: string;
  body?: unknown;
}

/** A request as a line for a shell. */
export function curl({ method, path, body }: Asked): Snippet {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(window.location.origin + path)}`,
    `  -H "Authorization: Bearer $JACKFIELD_TOKEN"`,
  ];
  if (body !== undefined) {
    lines.push(`  -H "Content-Type: application/json"`, `  -d ${quoted(JSON.stringify(body, null, 2))}`);
  }
  return { name: "curl", text: lines.join(" \\\n") };
}

/** What of the options of a call is written down for other programs. */
interface Where {
  environment?: string;
}

/** A call of a command in Python, with what Jackfield itself brings. */
export function python(connector: string, command: string, params: unknown, { environment }: Where = {}): Snippet {
  const where = environment ? `, environment=${literal(environment)}` : "";
  return {
    name: "Python",
    text: [
      "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
      "from jackfield import connector",
      "",
      `result = connector(${literal(connector)}, ${literal(command)}, ${literal(params)}${where})`,
      "result.raise_on_error()",
      "print(result.payload)",
    ].join("\n"),
  };
}

/** A call of a command for the command line. */
export function shell(connector: string, command: string, params: unknown, { environment }: Where = {}): Snippet {
  const where = environment ? ` --environment ${environment}` : "";
  return { name: "Command line", text: `jackfield call ${connector}.${command} --params ${quoted(JSON.stringify(params))}${where}` };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JSON value as Python has it. */
export function literal(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  const [open, close, parts] = Array.isArray(value)
    ? ["[", "]", value.map((each) => literal(each, inner))]
    : ["{", "}", Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${literal(each, inner)}`)];
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((each) => `${inner}${each},\n`).join("")}${indent}${close}`;
}
