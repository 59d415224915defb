/** How the endpoint of everything lists tools: a setting, which only administrators see. */

import { useQuery } from "@tanstack/react-query";
import type { Mode } from "~/api/gateways";
import { settingsQuery } from "~/api/settings";
import { useSession } from "~/app/session/session";

const MODES: readonly unknown[] = ["auto", "tools", "search"];

export function useMode(): Mode {
  const { admin, scopes } = useSession();
  const { data } = useQuery({ ...settingsQuery(), enabled: admin && scopes.includes("manage") });
  const set = data?.settings.find((each) => each.variable === "JACKFIELD_MCP_MODE")?.value;
  return MODES.includes(set) ? (set as Mode) : "auto";
}
