/** Which server of the document is called. The choice becomes the field `baseUrl` of the connection. */

import { Autocomplete } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ParsedDocument } from "~/api/openapiImport";
import type { Values } from "~/shared/form/SchemaForm";

const LONGEST = 1_500_000;

export function ServerChoice({ parsed, text, config, setConfig }: { parsed: ParsedDocument; text: string; config: Values; setConfig: (config: Values) => void }) {
  const [servers, setServers] = useState<readonly string[]>([]);
  useEffect(() => {
    let gone = false;
    void serversOf(text).then((found) => !gone && setServers(found));
    return () => {
      gone = true;
    };
  }, [text]);
  if (!("baseUrl" in parsed.fields)) return null;
  const usual = typeof parsed.fields.baseUrl?.default === "string" ? parsed.fields.baseUrl.default : parsed.baseUrl;
  const value = typeof config.baseUrl === "string" ? config.baseUrl : usual;
  const choices = [...new Set([usual, ...servers])].filter((each) => /^https?:/.test(each));
  return (
    <Autocomplete
      label="Server"
      description={usual ? `The document names ${choices.length === 1 ? "one server" : `${choices.length} servers`}; another address can be typed.` : "The document names no server: type its address."}
      data={choices}
      value={value}
      onChange={(chosen) => setConfig(withBase(config, chosen === usual ? "" : chosen))}
      maw={480}
    />
  );
}

function withBase({ baseUrl: _, ...others }: Values, chosen: string): Values {
  return chosen === "" ? others : { ...others, baseUrl: chosen };
}

async function serversOf(text: string): Promise<string[]> {
  if (text === "" || text.length > LONGEST) return [];
  const { yamlObject } = await import("~/shared/yaml/document");
  const { servers } = yamlObject(text);
  return Array.isArray(servers) ? servers.flatMap((each: { url?: unknown } | null) => (typeof each?.url === "string" && !each.url.includes("{") ? [each.url] : [])) : [];
}
