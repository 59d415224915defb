/** The kinds of connectors that can be made, and when to use each. */

import { IconApi, IconBraces, IconBuilding, IconCode, IconPackage, IconServer2 } from "@tabler/icons-react";
import type { ComponentType } from "react";

export type Kind = "built_in" | "script" | "openapi" | "http";

export interface KindCard {
  kind: Kind | "external" | "onprem";
  title: string;
  when: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string; "aria-hidden"?: boolean }>;
  /** It cannot be made yet. */
  later?: boolean;
}

export const KINDS: readonly KindCard[] = [
  {
    kind: "built_in",
    title: "Built-in",
    icon: IconPackage,
    when: "The service has a type on this server already, and you want one more connection of it: a second tenant, another account.",
  },
  {
    kind: "script",
    title: "Script",
    icon: IconCode,
    when: "The service needs logic of your own. You write it in JavaScript, a function for each command, and try it here before it is saved.",
  },
  {
    kind: "openapi",
    title: "OpenAPI document",
    icon: IconApi,
    when: "The service publishes an OpenAPI or Swagger document. Each operation that you choose becomes a command.",
  },
  {
    kind: "http",
    title: "Declarative HTTP",
    icon: IconBraces,
    when: "A few requests to a web service, and no logic. You describe them in YAML and see each request as you write.",
  },
  {
    kind: "external",
    title: "External service",
    icon: IconServer2,
    when: "A service of your own, in any language, answers the commands.",
    later: true,
  },
  {
    kind: "onprem",
    title: "On-premise agent",
    icon: IconBuilding,
    when: "The service is in a private network that only a process inside can reach.",
    later: true,
  },
];

const MADE: readonly string[] = KINDS.filter((each) => !each.later).map((each) => each.kind);

/** The kind that a text names. Floh's guides say `oas_derived`. */
export function kindNamed(text: string | undefined): Kind | null {
  const name = text === "oas_derived" ? "openapi" : text;
  return name !== undefined && MADE.includes(name) ? (name as Kind) : null;
}

export function titleOfKind(kind: Kind): string {
  return KINDS.find((each) => each.kind === kind)?.title ?? kind;
}
