/** A gateway for other programs. */

import type { Gateway } from "~/api/gateways";
import type { Snippet } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";

export function snippetsOf(gateway: Gateway): Snippet[] {
  const { title, description, instructions, choice, mode, outputSchemas, characters, enabled, name } = gateway;
  const path = `/api/gateways/${encodeURIComponent(name)}`;
  return [
    curl({ method: "GET", path }),
    { ...curl({ method: "PUT", path, body: { title, description, instructions, choice, mode, outputSchemas, characters, enabled } }), name: "curl (set it)" },
    {
      name: "Python",
      text: [
        "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
        "from jackfield import Jackfield",
        "",
        "with Jackfield() as jackfield:",
        `    print(jackfield.manage.gateways.get(${JSON.stringify(name)}))`,
      ].join("\n"),
    },
    { name: "Command line", text: `jackfield gateways show ${name}\njackfield tools list --gateway ${name}` },
  ];
}
