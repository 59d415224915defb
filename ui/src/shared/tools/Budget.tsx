/** How many tools a model gets, and what they cost it before it has done anything. */

import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Mode } from "~/api/gateways";
import type { Tool } from "~/api/tools";
import { MANY, tokensOf, tokenWords, toolWords } from "./cost";

export function Budget({ tools, mode = "auto" }: { tools: readonly Tool[]; mode?: Mode }) {
  const tokens = tokensOf(tools);
  return (
    <>
      <Text size="sm" role="status">
        <b>{toolWords(tools.length)}</b>, {tokenWords(tokens)} of a model's input at every turn if each is listed. This is an estimate: a token for every four bytes.
      </Text>
      {(tools.length > MANY || mode === "search") && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={titleOf(mode)} py="xs">
          <Text size="sm">{aboutOf(mode)}</Text>
        </Alert>
      )}
    </>
  );
}

function titleOf(mode: Mode): string {
  return mode === "tools" ? `More than ${MANY} tools` : "Models get a search, and not the list";
}

function aboutOf(mode: Mode): string {
  const search = "Four tools stand in for all: one that searches, one that describes a tool, one that calls it, and one for the rest of a long result.";
  if (mode === "tools") return "Models choose worse among so many, and read all of them at every turn. Choose fewer, or the mode “search”.";
  if (mode === "search") return `${search} A model asks for a schema when it needs it.`;
  return `With more than ${MANY}, models choose worse and pay for all. ${search} Choose fewer to have them listed.`;
}
