/** A client of the Model Context Protocol over streamable HTTP, as small as one can be. It sends no cookie: a real client has none.

Source: MCP 2025-11-25, “Transports” and “Lifecycle”; MCP 2026-07-28, “Streamable HTTP”. */

import { asProblem, problemOf, type Problem } from "~/api/problem";

export const REVISION = "2025-11-25";

/** Without sessions: each request says for itself who asks, and of which revision it is. */
export const STATELESS = "2026-07-28";

const CLIENT = { name: "jackfield-ui", version: "1" };
const META = "io.modelcontextprotocol/";

/** The server was reached and has spoken, and what it said is a refusal or makes no sense. */
export class McpFault extends Error {
  constructor(
    readonly kind: "refused" | "unreached" | "rpc" | "nonsense",
    message: string,
    /** What the server said, where it refused over HTTP. */
    readonly problem: Problem | null = null,
  ) {
    super(message);
    this.name = "McpFault";
  }
}

interface Message {
  id?: number | string | null;
  result?: unknown;
  error?: { code?: number; message?: string };
}

export class McpSession {
  private count = 0;
  private id = "";
  private revision = "";

  constructor(
    private readonly path: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  /** The server's name, version and abilities. */
  async initialize(): Promise<Record<string, unknown>> {
    const params = { protocolVersion: REVISION, capabilities: {}, clientInfo: CLIENT };
    const answered = await this.request("initialize", params);
    this.revision = typeof answered.protocolVersion === "string" ? answered.protocolVersion : REVISION;
    await this.post({ jsonrpc: "2.0", method: "notifications/initialized" });
    return answered;
  }

  async request(method: string, params: unknown): Promise<Record<string, unknown>> {
    const id = ++this.count;
    return resultOf(method, await answerTo(id, await this.post({ jsonrpc: "2.0", id, method, params })));
  }

  /** The same in the revision without sessions, beside the session that there is. */
  async requestAlone(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = ++this.count;
    const said = { [`${META}protocolVersion`]: STATELESS, [`${META}clientInfo`]: CLIENT, [`${META}clientCapabilities`]: {} };
    const headers = { Authorization: `Bearer ${this.token}`, "MCP-Protocol-Version": STATELESS, "Mcp-Method": method };
    return resultOf(method, await answerTo(id, await this.post({ jsonrpc: "2.0", id, method, params: { ...params, _meta: said } }, headers)));
  }

  /** Let the server forget the session. Best effort: it ends by itself, too. */
  async end(): Promise<void> {
    if (!this.id) return;
    await fetch(this.path, { method: "DELETE", headers: this.headers(), credentials: "omit", keepalive: true }).catch(() => {});
  }

  private headers(): Record<string, string> {
    return {
      Authorization: `Bearer ${this.token}`,
      ...(this.id ? { "Mcp-Session-Id": this.id } : {}),
      ...(this.revision ? { "MCP-Protocol-Version": this.revision } : {}),
    };
  }

  private async post(message: unknown, headers = this.headers()): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.path, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json", Accept: "application/json, text/event-stream" },
        body: JSON.stringify(message),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        signal: this.signal,
      });
    } catch (error) {
      if (this.signal.aborted) throw error;
      throw new McpFault("unreached", asProblem(error).message);
    }
    this.id = response.headers.get("mcp-session-id") ?? this.id;
    if (response.ok) return response;
    const problem = problemOf(await response.json().catch(() => null), response);
    throw new McpFault("refused", problem.message, problem);
  }
}

function resultOf(method: string, { error, result }: Message): Record<string, unknown> {
  if (error) throw new McpFault("rpc", `${error.message ?? "it did not say why"} (${error.code ?? "no code"})`);
  if (typeof result !== "object" || result === null) throw new McpFault("nonsense", `the answer to ${method} has no result`);
  return result as Record<string, unknown>;
}

async function answerTo(id: number, response: Response): Promise<Message> {
  const kind = response.headers.get("content-type") ?? "";
  if (kind.startsWith("application/json")) return (await response.json()) as Message;
  if (!kind.startsWith("text/event-stream") || response.body === null) throw new McpFault("nonsense", `the answer is ${kind || "of no kind"}, and no JSON`);
  const found = await fromEvents(id, response.body);
  if (found === null) throw new McpFault("nonsense", "the stream ended before the answer");
  return found;
}

/** The message with this id. What comes before it tells of progress, and is passed over. */
async function fromEvents(id: number, body: ReadableStream<Uint8Array>): Promise<Message | null> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let left = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      const events = (left + value).replaceAll("\r\n", "\n").split("\n\n");
      left = events.pop() ?? "";
      const found = events.map(messageOf).find((each) => each?.id === id);
      if (found) return found;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function messageOf(event: string): Message | null {
  const data = event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
  try {
    return data ? (JSON.parse(data) as Message) : null;
  } catch {
    return null;
  }
}
