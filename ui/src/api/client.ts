/** All requests of the UI. The session's cookie goes along by itself; what changes something carries its CSRF token. */

import { problemOf, unreached } from "./problem";

let csrfToken = "";
let signedOut: () => void = () => {};

/** Use this token from now on. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Call this when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export interface SendOptions {
  headers?: Record<string, string>;
  /** Ends the request, and on the server what it started. */
  signal?: AbortSignal;
}

const SAFE = new Set(["GET", "HEAD"]);

/** Send a request. Answers its JSON, or null where there is none; throws a `Problem`. */
export async function send(method: string, path: string, body?: unknown, options: SendOptions = {}): Promise<unknown> {
  const headers: Record<string, string> = { ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (!SAFE.has(method) && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const { response, answered } = await exchange(path, {
    method,
    headers,
    signal: options.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return answered;
  if (response.status === 401 && path !== "/api/session") signedOut();
  throw problemOf(answered, response);
}

async function exchange(path: string, init: RequestInit): Promise<{ response: Response; answered: unknown }> {
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    return { response, answered: text && isJson(response) ? JSON.parse(text) : null };
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreached();
  }
}

function isJson(response: Response): boolean {
  return /[/+]json/.test(response.headers.get("content-type") ?? "");
}
