/** A page for administrators, to somebody who is none. */

import { useSession } from "~/app/session/session";
import { Problem } from "~/api/problem";
import { Denied } from "./Denied";

export function NeedsAdministrator({ what }: { /** What only they see, such as `the audit log`. */ what: string }) {
  const { user } = useSession();
  const problem = new Problem({
    code: "admin-required",
    status: 403,
    message: `Only an administrator sees ${what}, and ${user} is none`,
    hint: "Sign in as an administrator, or ask one to make you one.",
  });
  return <Denied problem={problem} />;
}
