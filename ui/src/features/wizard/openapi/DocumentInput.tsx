/** The document: pasted, from a file, or from its address. */

import { Button, FileButton, Group, Paper, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileUpload, IconListSearch } from "@tabler/icons-react";
import { useState } from "react";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import type { Draft } from "../draft";
import { addressIn } from "./parsing";

/** A field slows down with more. */
const SHOWN = 300_000;

type OpenApi = Draft["openapi"];

const SAMPLE = JSON.stringify(
  {
    openapi: "3.1.0",
    info: { title: "To-dos", version: "1" },
    servers: [{ url: "https://todo.example/v1" }],
    paths: {
      "/todos": {
        get: { operationId: "listTodos", summary: "List things to do.", tags: ["Reading"], parameters: [{ name: "limit", in: "query", schema: { type: "integer", maximum: 100 } }], responses: { 200: { description: "Things to do." } } },
        post: { operationId: "addTodo", summary: "Add one.", tags: ["Writing"], requestBody: { required: true, content: { "application/json": { schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"] } } } }, responses: { 201: { description: "Added." } } },
      },
      "/todos/{id}": {
        delete: { operationId: "deleteTodo", summary: "Delete one.", tags: ["Writing"], parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }], responses: { 204: { description: "Gone." } } },
      },
    },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{ token: [] }],
  },
  null,
  2,
);

export function DocumentInput({
  openapi,
  set,
  parse,
  busy,
}: {
  openapi: OpenApi;
  set: (part: Partial<OpenApi>) => void;
  parse: (part?: Partial<OpenApi>) => void;
  busy: boolean;
}) {
  const { text, url, file } = openapi;
  const [unreadable, setUnreadable] = useState("");
  const upload = async (chosen: File | null) => {
    if (chosen === null) return;
    try {
      parse({ text: await chosen.text(), file: chosen.name, url: "" });
      setUnreadable("");
    } catch {
      setUnreadable(`“${chosen.name}” cannot be read.`);
    }
  };
  const paste = (typed: string) => {
    const address = addressIn(typed);
    set(address === "" ? { text: typed, file: "", asked: "" } : { text: "", file: "", url: address, asked: "" });
  };
  const asked = text.trim() === "" ? { specUrl: url } : { spec: text.length > 2_000 ? "…" : text };
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <TextInput
          label="Address of the document"
          description="The server fetches it, from where connectors may send requests."
          placeholder="https://api.example.com/openapi.json"
          type="url"
          value={url}
          disabled={text.trim() !== ""}
          onChange={(event) => set({ url: event.currentTarget.value, asked: "" })}
        />
        {text.length > SHOWN || file ? (
          <Group justify="space-between">
            <Text size="sm">
              {file || "A pasted document"}, {Math.round(text.length / 1_024).toLocaleString("en")} KB
            </Text>
            <Button size="xs" variant="default" onClick={() => set({ text: "", file: "", asked: "", selected: null, names: {} })}>
              Take another document
            </Button>
          </Group>
        ) : (
          <Textarea
            label="Or paste the document"
            description="OpenAPI 3.x or Swagger 2.0, JSON or YAML. An address or a line for curl is understood, too."
            value={text}
            onChange={(event) => paste(event.currentTarget.value)}
            rows={text ? 10 : 5}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
          />
        )}
        {unreadable && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {unreadable}
          </Text>
        )}
        <Group gap="xs">
          <Button leftSection={<IconListSearch size={16} aria-hidden />} loading={busy} disabled={text.trim() === "" && url.trim() === ""} onClick={() => parse()}>
            Parse spec
          </Button>
          <FileButton onChange={(chosen) => void upload(chosen)} accept=".json,.yaml,.yml,application/json">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileUpload size={16} aria-hidden />}>
                Upload a file
              </Button>
            )}
          </FileButton>
          {text === "" && url === "" && (
            <Button variant="subtle" onClick={() => parse({ text: SAMPLE })}>
              Try an example
            </Button>
          )}
          <div style={{ marginLeft: "auto" }}>
            <CopyAs
            snippets={[
              curl({ method: "POST", path: "/api/connectors/parse-openapi", body: asked }),
              { name: "Command line", text: `jackfield import openapi ${url || file || "openapi.yaml"} --dry-run` },
            ]}
            />
          </div>
        </Group>
      </Stack>
    </Paper>
  );
}
