/** Scripts to begin with. */

import type { CommandRow, FieldRow } from "~/shared/script/rows";

export interface Template {
  name: string;
  title: string;
  about: string;
  source: string;
  commands: CommandRow[];
  fields: FieldRow[];
}

const field = (name: string, part: Partial<FieldRow> = {}): FieldRow => ({ name, type: "string", required: false, description: "", ...part });

const SERVICE = `// The commands of this connector. Each is a function; what it is given is in \`floh\`.

function test() {
  var answer = ask("/me");
  return { success: answer.status < 400, error: answer.status < 400 ? undefined : "the key was refused" };
}

function listItems() {
  var answer = ask("/items?limit=" + floh.params.limit);
  if (answer.status >= 400) {
    return { success: false, error: "the service answered " + answer.status, diagnostics: { status: answer.status } };
  }
  floh.log.info("found " + answer.body.total + " items");
  return { success: true, payload: { items: answer.body.items, total: answer.body.total } };
}

function greet() {
  return { success: true, payload: { greeting: "Hello, " + floh.params.name + "!" } };
}

function ask(path) {
  return floh.http.get(floh.config.baseUrl + path, { Authorization: "Bearer " + floh.config.apiKey });
}
`;

const LOGIC = `// It needs no service: it computes with what it is given.

function count() {
  floh.log.info("counting");
  var words = floh.params.text.split(/\\s+/).filter(Boolean);
  return { success: true, payload: { words: words.length }, variables: { wordCount: words.length } };
}
`;

export const TEMPLATES: readonly Template[] = [
  {
    name: "service",
    title: "A web service with a key",
    about: "Checks the key, lists items, and says hello without any service.",
    source: SERVICE,
    commands: [
      { name: "test", description: "Check that the service can be reached and accepts the key.", readsOnly: true, outputs: "", params: [] },
      {
        name: "listItems",
        description: "List the newest items.",
        readsOnly: true,
        outputs: "items, total",
        params: [field("limit", { type: "integer", description: "Items to return.", rest: { default: 50, minimum: 1, maximum: 200 } })],
      },
      {
        name: "greet",
        description: "Say hello; it needs no service, so it can be tried at once.",
        readsOnly: true,
        outputs: "greeting",
        params: [field("name", { description: "Whom to greet.", rest: { default: "world" } })],
      },
    ],
    fields: [
      field("baseUrl", { type: "url", description: "API address, no slash at the end.", rest: { default: "https://api.example.com/v1" } }),
      field("apiKey", { secret: true, description: "API key." }),
    ],
  },
  {
    name: "logic",
    title: "Logic only",
    about: "Counts words. A place to begin without any service.",
    source: LOGIC,
    commands: [
      {
        name: "count",
        description: "Count the words of a text.",
        readsOnly: true,
        outputs: "words",
        params: [field("text", { required: true, description: "The text." })],
      },
    ],
    fields: [],
  },
  {
    name: "empty",
    title: "Empty",
    about: "One function, nothing else.",
    source: 'function run() {\n  return { success: true, payload: {} };\n}\n',
    commands: [{ name: "run", description: "", readsOnly: false, outputs: "", params: [] }],
    fields: [],
  },
];
