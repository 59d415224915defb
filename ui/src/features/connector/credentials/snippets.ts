/** The same without the page. */

import { withQuery } from "~/api/lists";
import { curl } from "~/shared/copy/snippets";

export function snippetsOf(connector: string) {
  const name = JSON.stringify(connector);
  return [
    curl({ method: "GET", path: withQuery("/api/credentials", { connector }) }),
    { ...curl({ method: "POST", path: "/api/oauth/sign-ins", body: { connector } }), name: "curl (connect)" },
    {
      name: "Python",
      text: [
        "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
        "from jackfield import Jackfield",
        "",
        "with Jackfield() as jackfield:",
        `    for credential in jackfield.credentials.list(connector=${name}):`,
        "        print(credential.name, credential.status, credential.reason)",
      ].join("\n"),
    },
    { name: "Command line", text: `jackfield credentials list --connector ${connector}\njackfield credentials connect ${connector}` },
  ];
}
