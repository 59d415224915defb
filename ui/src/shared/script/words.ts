/** What the editor of scripts offers: all that a script has beside the language, with how it is called. */

import type { Word } from "~/shared/code/Editor";

const ANSWER = "Answers {status, headers, body}. A status of 400 or more does not throw.";

const OF_FLOH: readonly Word[] = [
  { label: "http.get", detail: "(url, headers?)", info: ANSWER },
  { label: "http.delete", detail: "(url, headers?)", info: ANSWER },
  { label: "http.head", detail: "(url, headers?)", info: ANSWER },
  { label: "http.post", detail: "(url, body?, headers?)", info: `${ANSWER} An object is sent as JSON.` },
  { label: "http.put", detail: "(url, body?, headers?)", info: `${ANSWER} An object is sent as JSON.` },
  { label: "http.patch", detail: "(url, body?, headers?)", info: `${ANSWER} An object is sent as JSON.` },
  { label: "http.request", detail: "({method, url, headers, body, timeout})", info: `${ANSWER} The timeout is in milliseconds.` },
  ...["trace", "debug", "info", "warn", "error"].map((level) => ({ label: `log.${level}`, detail: "(...values)", info: "Writes a line to the connector's log." })),
  { label: "config", detail: "object", info: "The fields of the connection. Secrets are in clear." },
  { label: "params", detail: "object", info: "The params of the call, checked and with their defaults." },
  { label: "variables", detail: "object", info: "The variables of the run that the call is a step of." },
];

const OTHERS: readonly Word[] = [
  { label: "console.log", detail: "(...values)", info: "The same as floh.log.info." },
  { label: "crypto.randomUUID", detail: "()" },
  { label: "crypto.getRandomValues", detail: "(array)" },
  ...["md5", "sha1", "sha256", "sha512"].map((name) => ({ label: `crypto.${name}`, detail: "(data, encoding?)", info: "The encoding is hex, base64, base64url or bytes." })),
  ...["hmacSha1", "hmacSha256", "hmacSha512"].map((name) => ({
    label: `crypto.${name}`,
    detail: "(key, data, encoding?)",
    info: "For signing requests. The encoding is hex, base64, base64url or bytes.",
  })),
  { label: "URLSearchParams", detail: "(init?)" },
  { label: "URL", detail: "(url, base?)" },
  { label: "btoa", detail: "(text)", info: "To base64." },
  { label: "atob", detail: "(text)", info: "From base64." },
];

/** All of them, with the names of this connector's own fields and params. */
export function wordsOf(fields: readonly string[], params: readonly string[]): Word[] {
  const own = [
    ...fields.map((name) => ({ label: `config.${name}`, detail: "connection" })),
    ...params.map((name) => ({ label: `params.${name}`, detail: "param" })),
  ];
  const both = [...OF_FLOH, ...own].flatMap((each) => ["floh", "jackfield"].map((object) => ({ ...each, label: `${object}.${each.label}` })));
  return [...both, ...OTHERS];
}
