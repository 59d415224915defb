/** The connector of the wizard, made elsewhere: by curl, the command line, Python, or as a file. */

import type { NewConnector } from "~/api/creating";
import type { Snippet } from "~/shared/copy/CopyAs";
import { curl, literal } from "~/shared/copy/snippets";

const LONGEST = 60_000;

export function snippetsOf(body: NewConnector, yaml: string): Snippet[] {
  const name = String(body.name ?? "connector");
  const short = { ...body, ...(JSON.stringify(body.spec ?? "").length > LONGEST ? { spec: "…" } : {}) };
  return [
    { name: "YAML", text: yaml },
    curl({ method: "POST", path: "/api/connectors", body: short }),
    { name: "Command line", text: `# the YAML as ${name}.yaml\njackfield connectors add ${name}.yaml` },
    {
      name: "Python",
      text: ["from jackfield import Jackfield", "", `with Jackfield(folder=[], connectors=[${literal(short)}]) as jf:`, `    print(jf.connector(${JSON.stringify(name)}))`].join("\n"),
    },
  ];
}
