/** A setting: its value, where it comes from, and how to change it. */

import { Badge, Code, Group, Stack, Text } from "@mantine/core";
import type { Setting } from "~/api/settings";
import { kindOf, told, type Source } from "./groups";

const WORDS: Record<Source, string> = { default: "Default", file: "Settings file", environment: "Environment", argument: "Argument" };

export function Row({ setting }: { setting: Setting }) {
  const kind = kindOf(setting.source);
  const value = setting.secret ? (setting.isSet ? "set, never shown" : "not set") : told(setting.value);
  const usual = told(setting.default);
  return (
    <Stack gap={4} py="sm" style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {setting.name}
        </Text>
        <Badge size="sm" variant="default" tt="none" title={setting.source}>
          {WORDS[kind]}
        </Badge>
        <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
      </Group>
      <Text size="sm">{plain(setting.description)}</Text>
      <Text size="xs" c="dimmed">
        {whence(setting.source)}
        {kind !== "default" && usual !== "–" && !setting.secret && `The default is ${usual}. `}
        To change it, set <Code>{setting.variable}</Code>
        {setting.name !== "config" && !setting.secret && (
          <>
            {" "}
            or <Code>{setting.name}</Code> in the settings file
          </>
        )}
        , and start the server again.
      </Text>
    </Stack>
  );
}

function whence(source: string): string {
  if (source === "default") return "";
  if (source === "found") return "It was found in the folder that the server was started in. ";
  return `It comes from ${kindOf(source) === "argument" ? "the line that started the server" : source.replace(/^(file|environment)/, "the $1")}. `;
}

/** Descriptions are written for a reference, with marks for code. */
function plain(text: string): string {
  const words = text.replaceAll("`", "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
