/** What the server says when it refuses (RFC 9457), or that it was not reached. */

export interface Fault {
  pointer: string;
  message: string;
  /** In a script, counted from 1. */
  line?: number;
  column?: number;
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string;
  readonly requestId: string;
  readonly errors: readonly Fault[];

  constructor(told: {
    code: string;
    status: number;
    message: string;
    hint?: string;
    requestId?: string;
    errors?: readonly Fault[];
  }) {
    super(told.message);
    this.name = "Problem";
    this.code = told.code;
    this.status = told.status;
    this.hint = told.hint ?? "";
    this.requestId = told.requestId ?? "";
    this.errors = told.errors ?? [];
  }
}

/** The problem that an answer is. Anything that is none in form becomes one. */
export function problemOf(body: unknown, response: Response): Problem {
  const told = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof told[name] === "string" ? (told[name] as string) : "");
  return new Problem({
    code: text("code") || `http-${response.status}`,
    status: response.status,
    message: text("detail") || text("title") || `The server answered with status ${response.status}`,
    hint: text("hint"),
    requestId: text("requestId") || response.headers.get("x-request-id") || "",
    errors: Array.isArray(told.errors) ? (told.errors as Fault[]) : [],
  });
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return unreached();
  return new Problem({ code: "page-error", status: 0, message: error instanceof Error ? error.message : String(error) });
}

/** The server was not reached: `fetch` tells no more than that. */
export function unreached(): Problem {
  return new Problem({
    code: "server-unreachable",
    status: 0,
    message: "The server does not answer",
    hint: "Check that it runs and that the network is there. What you typed is kept.",
  });
}
