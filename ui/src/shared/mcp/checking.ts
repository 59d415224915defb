/** A check of an MCP endpoint, step by step, as a client does it. */

import { toolWords } from "~/shared/tools/cost";
import { McpSession, STATELESS } from "./rpc";

export interface Listed {
  name: string;
  description?: string;
  annotations?: { readOnlyHint?: boolean };
}

export interface Step {
  name: string;
  state: "running" | "done" | "failed";
  ms?: number;
  /** What was found, in a line. */
  told?: string;
  /** Why it failed. */
  error?: unknown;
  /** What came back, to look at. */
  shown?: string;
}

export interface Asked {
  path: string;
  /** Answers the token to use; what it made is taken back by `close`. */
  token: () => Promise<string>;
  close: () => Promise<void>;
  /** A tool to call, if one was picked. */
  call: { name: string; arguments: Record<string, unknown> } | null;
  signal: AbortSignal;
}

/** Tools that stand in for all others where those are searched. */
const OWN = new Set(["search_tools", "describe_tool", "call_tool", "retrieve_tool_result"]);
const MOST_PAGES = 100;

export class NoTools extends Error {}

/** A tool answered that it failed. */
export class ToolFailed extends Error {}

/** Do it, telling each step as it goes. The token and the session are gone afterwards, whatever happened. */
export async function check(asked: Asked, tell: (steps: readonly Step[]) => void): Promise<void> {
  const steps: Step[] = [];
  const step = async <T>(name: string, work: () => Promise<T>, words: (found: T) => Partial<Step>): Promise<T> => {
    const at = steps.push({ name, state: "running" }) - 1;
    tell([...steps]);
    const since = performance.now();
    try {
      const found = await work();
      steps[at] = { name, state: "done", ms: performance.now() - since, ...words(found) };
      return found;
    } catch (error) {
      steps[at] = { name, state: "failed", ms: performance.now() - since, error };
      throw error;
    } finally {
      tell([...steps]);
    }
  };
  let session: McpSession | null = null;
  try {
    const token = await step("A token", asked.token, () => ({ told: "Ready." }));
    const mine = (session = new McpSession(asked.path, token, asked.signal));
    await step("initialize", () => mine.initialize(), (found) => ({ told: serverWords(found) }));
    const tools = await step("tools/list", () => listAll(mine), (found) => ({ told: listWords(found), shown: found.map((each) => each.name).join("\n") }));
    await step(`tools/list of revision ${STATELESS}`, () => mine.requestAlone("tools/list", {}), () => ({ told: "It is answered without a session, too." }));
    const { call } = asked;
    if (call) await step(`tools/call ${call.name}`, () => callTool(mine, call, tools), (text) => ({ told: `It answered ${text.length.toLocaleString("en")} characters.`, shown: text }));
  } catch {
    // Stands at its step.
  } finally {
    await session?.end();
    await asked.close();
  }
}

async function listAll(session: McpSession): Promise<Listed[]> {
  const tools: Listed[] = [];
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answered = await session.request("tools/list", cursor === undefined ? {} : { cursor });
    tools.push(...((answered.tools as Listed[] | undefined) ?? []));
    cursor = answered.nextCursor;
    if (cursor === undefined || cursor === null) break;
  }
  if (tools.length === 0) throw new NoTools();
  return tools;
}

async function callTool(session: McpSession, call: NonNullable<Asked["call"]>, tools: readonly Listed[]): Promise<string> {
  const names = new Set(tools.map((each) => each.name));
  const params = names.has(call.name) || !names.has("call_tool") ? call : { name: "call_tool", arguments: call };
  const answered = await session.request("tools/call", params);
  const content = Array.isArray(answered.content) ? (answered.content as { type?: string; text?: string }[]) : [];
  const text = content.map((each) => each.text ?? `(${each.type ?? "something else"})`).join("\n");
  if (answered.isError === true) throw new ToolFailed(text);
  return text;
}

function serverWords(found: Record<string, unknown>): string {
  const server = (found.serverInfo ?? {}) as { name?: string; version?: string };
  return `${server.name ?? "A server"} ${server.version ?? ""} speaks revision ${String(found.protocolVersion ?? "unknown")}.`;
}

function listWords(tools: readonly Listed[]): string {
  const commands = tools.filter((each) => !OWN.has(each.name));
  const searched = tools.some((each) => each.name === "search_tools");
  if (searched) return "A search stands in for the list.";
  return `${toolWords(commands.length)} for commands${tools.length > commands.length ? ", and one for the rest of long results" : ""}.`;
}
