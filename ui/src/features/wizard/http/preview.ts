/** The request that an operation sends, worked out for show. The server does it by more rules, and has the last word. */

export interface Preview {
  method: string;
  url: string;
  headers: readonly (readonly [string, string])[];
  body: string;
}

export interface Operation {
  name: string;
  method: string;
  path: string;
  said: Json;
}

type Json = Record<string, unknown>;

const DOTS = "••••••";
const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}|\{(\w+)\}/g;

/** The operations of a document, which may be a list or an object by name. */
export function operationsOf(document: Json): Operation[] {
  const given = document.operations;
  const all: [string, unknown][] = Array.isArray(given)
    ? given.map((each, at) => [String((each as Json | null)?.name ?? `operation ${at + 1}`), each])
    : Object.entries(object(given));
  return all.filter(([, said]) => typeof said === "object" && said !== null).map(([name, said]) => ({
    name,
    method: String((said as Json).method ?? "GET").toUpperCase(),
    path: String((said as Json).path ?? ""),
    said: said as Json,
  }));
}

export function previewOf(document: Json, operation: Operation, params: Json, config: Json): Preview {
  const { said, method } = operation;
  const fill = (text: string, encode = false) => filled(text, { params, config }, encode);
  const inPath = new Set([...operation.path.matchAll(PLACEHOLDER)].map((each) => each[1] ?? each[2] ?? ""));
  const properties = object(object(said.parameters).properties);
  const query = new URLSearchParams();
  const headers: [string, string][] = [];
  const body: Json = {};
  const noBody = ["GET", "HEAD", "DELETE"].includes(method);
  for (const [name, value] of Object.entries(params)) {
    if (inPath.has(name) || value === undefined || value === null) continue;
    const place = placeOf(name, said.mapping, object(properties[name]).in) ?? (noBody ? "query" : "body");
    if (place === "query") for (const each of Array.isArray(value) ? value : [value]) query.append(name, text(each));
    else if (place === "header") headers.push([name, text(value)]);
    else if (place === "body" || place === "content") body[name] = value;
  }
  const base = fill(String(config.baseUrl ?? said.baseUrl ?? document.baseUrl ?? "")).replace(/\/$/, "");
  for (const [name, value] of Object.entries({ ...object(document.headers), ...object(said.headers) })) headers.push([name, fill(String(value))]);
  const auth = object(document.auth);
  const key = keyOf(auth);
  if (key?.location === "query") query.append(key.name, DOTS);
  else if (key) headers.push([key.location === "cookie" ? "Cookie" : key.name, key.location === "cookie" ? `${key.name}=${DOTS}` : DOTS]);
  else headers.push(...signIn(auth));
  const sends = !noBody && Object.keys(body).length > 0;
  if (sends && !headers.some(([name]) => name.toLowerCase() === "content-type")) headers.push(["Content-Type", "application/json"]);
  return {
    method,
    url: `${base}${fill(operation.path, true)}${query.size > 0 ? `?${shown(query)}` : ""}`,
    headers,
    body: sends ? JSON.stringify(body, null, 2) : "",
  };
}

function placeOf(name: string, mapping: unknown, own: unknown): string | undefined {
  if (typeof own === "string") return own;
  if (mapping === "query" || mapping === "path_and_query") return "query";
  if (mapping === "json" || mapping === "path_and_json") return undefined;
  const places = object(mapping);
  const place = places[name] ?? places["*"];
  return typeof place === "string" ? place : undefined;
}

/** Placeholders that can be filled in here are; expressions stay as they are written. */
function filled(template: string, values: { params: Json; config: Json }, encode: boolean): string {
  return template.replace(PLACEHOLDER, (whole, expression: string | undefined, plain: string | undefined) => {
    const path = (expression ?? plain ?? "").split(".");
    const name = path.at(-1) as string;
    const found = path[0] === "params" ? values.params[name] : path[0] === "config" ? values.config[name] : (values.params[name] ?? values.config[name]);
    if (found === undefined || found === null) return whole;
    return encode ? encodeURIComponent(text(found)) : text(found);
  });
}

/** Dots stay dots. */
function shown(query: URLSearchParams): string {
  return query.toString().replaceAll(encodeURIComponent(DOTS), DOTS);
}

/** An API key, or a token of one's own: what it is called, and where it goes. */
function keyOf(auth: Json): { name: string; location: string } | null {
  const elsewhere = auth.type === "jwt" && (auth.name !== undefined || auth.location !== undefined);
  if (elsewhere) return { name: String(auth.name ?? "Authorization"), location: String(auth.location ?? "header") };
  if (auth.type !== "api_key") return null;
  return { name: String(auth.name ?? auth.header ?? "X-API-Key"), location: String(auth.location ?? auth.in ?? auth.position ?? "header") };
}

/** What stands before the secret in `Authorization`, where that is not `Bearer`. */
const WORDS: Record<string, string> = { basic: "Basic", digest: "Digest", aws_sigv4: "AWS4-HMAC-SHA256" };

function signIn({ type, ...auth }: Json): [string, string][] {
  if (type === undefined || type === "none" || type === "mtls") return [];
  if (type === "hmac") {
    const webhooks = auth.preset === "standard-webhooks";
    const header = webhooks ? "webhook-signature" : text(auth.header ?? "X-Signature");
    return [[header, `${webhooks ? "v1," : text(auth.prefix ?? "")}${DOTS}`]];
  }
  return [["Authorization", `${WORDS[String(type)] ?? "Bearer"} ${DOTS}`]];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
