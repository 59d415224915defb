// What a script finds beside the language: `floh`, `console`, `crypto`, text and address helpers. It runs once, before
// any script; its state is part of the image that every execution starts from. A script can break all of it, for
// itself and for this one execution: nothing here protects anything. What protects lies outside of the isolate.
(function (host) {
  "use strict";
  const HTTP = 0, CONFIG = 1, PARAMS = 2, VARIABLES = 3, LOG = 4, RANDOM = 5, DIGEST = 6;
  const { stringify, parse } = JSON;
  const { freeze, keys, values, isFrozen, defineProperty, getOwnPropertyNames, hasOwn } = Object;
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const { slice } = String.prototype;
  const AnyError = Error;
  const globalEval = globalThis.eval;
  const matches = RegExp.prototype.exec;
  const LONGEST_LINE = 64 * 1024, LONGEST_MESSAGE = 4000, LONGEST_STACK = 16000;

  for (const name of ["SharedArrayBuffer", "Atomics", "performance", "gc", "navigator"]) delete globalThis[name];

  const cut = (text, longest) => apply(slice, text, [0, longest]);

  function define(target, name, value) {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }

  // ---- Bytes and texts

  const encoder = new TextEncoder();
  const asBytes = (data) =>
    data instanceof Uint8Array ? data
      : data instanceof ArrayBuffer ? new Uint8Array(data)
        : ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : null;
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const values64 = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values64[digits.charCodeAt(i)] = i;

  function toBase64(bytes) {
    const parts = [];
    let text = "";
    for (let i = 0; i < bytes.length; i += 3) {
      const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      text += digits[three >> 18] + digits[(three >> 12) & 63];
      text += i + 1 < bytes.length ? digits[(three >> 6) & 63] : "=";
      text += i + 2 < bytes.length ? digits[three & 63] : "=";
      if (text.length > 4096) { parts[parts.length] = text; text = ""; }
    }
    return parts.join("") + text;
  }

  function fromBase64(text) {
    const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    const bytes = new Uint8Array((text.length / 4) * 3 - padding);
    for (let i = 0, at = 0; i < text.length; i += 4) {
      const four = (values64[text.charCodeAt(i)] << 18) | (values64[text.charCodeAt(i + 1)] << 12)
        | ((values64[text.charCodeAt(i + 2)] & 63) << 6) | (values64[text.charCodeAt(i + 3)] & 63);
      bytes[at++] = four >> 16;
      if (at < bytes.length) bytes[at++] = four >> 8;
      if (at < bytes.length) bytes[at++] = four;
    }
    return bytes;
  }

  // ---- What the host does

  function deepFrozen(root) {
    const left = [root];
    while (left.length) {
      const value = left.pop();
      if (typeof value !== "object" || value === null || isFrozen(value)) continue;
      freeze(value);
      const inner = values(value);
      for (let i = 0; i < inner.length; i++) left[left.length] = inner[i];
    }
    return root;
  }

  function view(operation, name) {
    let value;
    return () => {
      if (value === undefined) {
        value = host(operation, "");
        if (value === undefined) throw new Error(`\`floh.${name}\` is only there while a command runs, not while the script is loaded`);
        deepFrozen(value);
      }
      return value;
    };
  }

  function headersOf(given, owner) {
    const headers = { __proto__: null };
    if (given === undefined || given === null) return headers;
    if (typeof given !== "object") throw new TypeError(`headers of ${owner} are an object of names and values, not ${typeof given}`);
    for (const name of keys(given)) {
      if (given[name] !== undefined && given[name] !== null) define(headers, name, `${given[name]}`);
      if (hasOwn(headers, name)) defineProperty(headers, name, { enumerable: true });
    }
    return headers;
  }

  function parses(text) {
    try { parse(text); return true; } catch { return false; }
  }

  // A body as text or base64, with the content type that it has unless the script names one.
  function bodyOf(body) {
    if (body === undefined || body === null) return {};
    if (typeof body === "string") return { text: body, type: parses(body) ? "application/json" : "text/plain" };
    const bytes = asBytes(body);
    if (bytes) return { base64: toBase64(bytes), type: "application/octet-stream" };
    if (body instanceof URLSearchParams) return { text: `${body}`, type: "application/x-www-form-urlencoded" };
    const text = stringify(body);
    if (text === undefined) throw new TypeError(`a body of type ${typeof body} cannot be sent`);
    return { text, type: "application/json" };
  }

  function hostError({ code, message }) {
    const error = new Error(message);
    define(error, "name", "HostError");
    defineProperty(error, "code", { value: code, writable: true, enumerable: true, configurable: true });
    return error;
  }

  function send(method, url, body, headers, timeout) {
    const owner = `floh.http.${method.toLowerCase()}`;
    if (url instanceof URL) url = url.href;
    if (typeof url !== "string") throw new TypeError(`${owner} takes a URL as text, not ${url === null ? "null" : typeof url}`);
    const sent = headersOf(headers, owner);
    const { text, base64, type } = bodyOf(body);
    if (type && !keys(sent).some((name) => name.toLowerCase() === "content-type")) sent["Content-Type"] = type;
    const answer = host(HTTP, stringify({ __proto__: null, method, url, headers: sent, text, base64, timeout }));
    if (answer === undefined) throw new Error("`floh.http` is only there while a command runs, not while the script is loaded");
    if (answer.error) throw hostError(answer.error);
    if (answer.base64 !== undefined) {
      return { status: answer.status, headers: answer.headers, body: fromBase64(answer.base64), binary: true };
    }
    return answer;
  }

  const http = {
    get: (url, headers) => send("GET", url, undefined, headers),
    delete: (url, headers) => send("DELETE", url, undefined, headers),
    head: (url, headers) => send("HEAD", url, undefined, headers),
    post: (url, body, headers) => send("POST", url, body, headers),
    put: (url, body, headers) => send("PUT", url, body, headers),
    patch: (url, body, headers) => send("PATCH", url, body, headers),
    request(options) {
      if (typeof options !== "object" || options === null) {
        throw new TypeError("floh.http.request takes an object: {method, url, headers, body, timeout}");
      }
      const { method = "GET", url, headers, body, timeout } = options;
      if (typeof method !== "string") throw new TypeError(`method of floh.http.request is text, not ${typeof method}`);
      if (timeout !== undefined && timeout !== null && !(typeof timeout === "number" && timeout > 0)) {
        throw new TypeError("timeout of floh.http.request is a number of milliseconds above 0");
      }
      return send(method.toUpperCase(), url, body, headers, timeout ? Math.ceil(timeout) : undefined);
    },
  };

  function shown(value) {
    if (typeof value === "string") return value;
    try {
      if (value instanceof AnyError) return `${value.name}: ${value.message}`;
      if (typeof value === "object" && value !== null) return stringify(value) ?? `${value}`;
      return String(value);
    } catch {
      return "[cannot be shown]";
    }
  }

  const line = (level) => (...parts) => {
    host(LOG, level + cut(parts.map(shown).join(" "), LONGEST_LINE));
  };
  const log = { trace: line("t"), debug: line("d"), info: line("i"), warn: line("w"), error: line("e") };

  const floh = { http: freeze(http), log: freeze(log) };
  for (const [name, operation] of [["config", CONFIG], ["params", PARAMS], ["variables", VARIABLES]]) {
    defineProperty(floh, name, { get: view(operation, name), enumerable: true });
  }
  freeze(floh);
  for (const name of ["floh", "jackfield"]) defineProperty(globalThis, name, { value: floh });
  define(globalThis, "console", freeze({ ...log, log: log.info }));

  // ---- Randomness: the engine's own would be the same in every execution

  let pool = [];
  function randomWord() {
    if (pool.length === 0) pool = host(RANDOM, "") ?? [];
    if (pool.length === 0) throw new Error("random numbers are only there while a command runs, not while the script is loaded");
    return pool.pop();
  }
  define(Math, "random", function random() { return (randomWord() * 2097152 + (randomWord() >>> 11)) / 9007199254740992; });

  function getRandomValues(array) {
    const bytes = ArrayBuffer.isView(array) ? asBytes(array) : null;
    if (!bytes || array instanceof Float32Array || array instanceof Float64Array) throw new TypeError("getRandomValues takes an array of integers");
    if (bytes.length > 65536) throw new RangeError("getRandomValues fills at most 65536 bytes");
    for (let i = 0; i < bytes.length; i++) bytes[i] = randomWord();
    return array;
  }

  const hex = (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i++) text += (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
    return text;
  };

  function randomUUID() {
    const bytes = getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const text = hex(bytes);
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
  }

  // ---- Digests, which the host computes: for signing requests

  function given(data, what) {
    const bytes = typeof data === "string" ? encoder.encode(data) : asBytes(data);
    if (!bytes) throw new TypeError(`${what} is text or bytes, not ${typeof data}`);
    return toBase64(bytes);
  }
  function digest(algorithm, data, key, encoding = "hex") {
    const answer = host(DIGEST, stringify({ __proto__: null, algorithm, data: given(data, "data"), key: key === undefined ? undefined : given(key, "key") }));
    if (encoding === "base64") return answer;
    const bytes = fromBase64(answer);
    if (encoding === "hex") return hex(bytes);
    if (encoding === "base64url") return answer.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    if (encoding === "bytes") return bytes;
    throw new TypeError(`\`${encoding}\` is no encoding of a digest; there are hex, base64, base64url and bytes`);
  }
  const crypto = { getRandomValues, randomUUID };
  for (const [name, algorithm] of [["sha1", "sha1"], ["sha256", "sha256"], ["sha512", "sha512"], ["md5", "md5"]]) {
    crypto[name] = (data, encoding) => digest(algorithm, data, undefined, encoding);
    if (name !== "md5") crypto[`hmac${name[0].toUpperCase()}${name.slice(1)}`] = (key, data, encoding) => digest(algorithm, data, key, encoding);
  }
  define(globalThis, "crypto", freeze(crypto));

  // ---- What the host calls

  const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
  const standard = new Set(getOwnPropertyNames(globalThis));
  // What the language has by names that a script may use for its own: `toString`, or `escape`.
  const languages = { __proto__: null };
  for (const name of [...standard, ...getOwnPropertyNames(Object.prototype)]) define(languages, name, globalThis[name]);
  const unhandled = new Map();
  const [has, put, remove] = [Map.prototype.has, Map.prototype.set, Map.prototype.delete];
  let state = "pending", result;

  function isFunction(name) {
    if (!apply(matches, IDENTIFIER, [name])) return false;
    try {
      const found = globalEval(`typeof ${name} === "function" ? ${name} : undefined`);
      return found !== undefined && found !== languages[name];
    } catch { return false; }
  }

  const MOST_TRIED = 5000;

  // Functions of a script in its order. Those in `const` and `let` are no properties of the global object: names that
  // look like one are tried.
  function names(source) {
    const found = new Map();
    const declared = /(?:^|[;{}\n])[ \t]*(?:export\s+)?(?:(?:async\s+)?function\s*\*?|const|let|var|class)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;
    for (const match of source.matchAll(declared)) if (!found.has(match[1])) found.set(match[1], match.index);
    // Further ones of a declaration: `const a = ..., b = ...`, and `const { a, b: c } = ...`.
    const further = /(?<![.\p{ID_Continue}$])([\p{ID_Start}$_][\p{ID_Continue}$]*)(?=\s*(?:=(?![=>])|[,}\]]))/gu;
    let tried = 0;
    for (const match of source.matchAll(further)) {
      if (found.has(match[1])) continue;
      if (++tried > MOST_TRIED) break;
      found.set(match[1], match.index);
    }
    for (const name of getOwnPropertyNames(globalThis)) if (!standard.has(name) && !found.has(name)) found.set(name, source.length);
    return [...found.keys()].sort((a, b) => found.get(a) - found.get(b)).filter(isFunction);
  }

  function settle(as) {
    return (value) => { state = as; result = value; };
  }

  function call(name) {
    if (!isFunction(name)) {
      state = "missing";
      return;
    }
    const made = globalEval(name)();
    if (typeof made !== "object" || made === null || typeof made.then !== "function") return settle("fulfilled")(made);
    apply(then, new Promise((resolve) => resolve(made)), [settle("fulfilled"), settle("rejected")]);
  }

  function finish() {
    if (state === "missing") return "m";
    if (state === "rejected") throw result;
    for (const reason of unhandled.values()) throw reason;
    if (state === "pending") throw new Error("the returned promise is never settled: nothing is left that could");
    if (result === undefined) return "u";
    let text;
    try {
      text = stringify(result);
    } catch (error) {
      if (error instanceof TypeError) error.message = `the result cannot be written as JSON: ${error.message}`;
      throw error;
    }
    if (text === undefined) throw new TypeError(`the result cannot be written as JSON: it is a ${typeof result}`);
    return "v" + text;
  }

  function track(promise, reason, handled) {
    if (handled) apply(remove, unhandled, [promise]);
    else apply(put, unhandled, [promise, reason]);
  }

  function part(value, name, longest) {
    try {
      const text = value[name];
      return typeof text === "string" ? cut(text, longest) : "";
    } catch {
      return "";
    }
  }

  // What no script can have changed tells the error: objects without prototype have no `toJSON`.
  function describe(error) {
    // What the engine throws where there was no room for an error is of no type at all.
    if (typeof error === "unknown") return '{"name":"InternalError","message":"out of memory"}';
    if (typeof error !== "object" || error === null) {
      return stringify({ __proto__: null, message: cut(shown(error), LONGEST_MESSAGE) });
    }
    const message = part(error, "message", LONGEST_MESSAGE) || (isError(error) ? "" : cut(shown(error), LONGEST_MESSAGE));
    return stringify({
      __proto__: null,
      name: part(error, "name", 200), message, code: part(error, "code", 200), stack: part(error, "stack", LONGEST_STACK),
    });
  }

  function isError(value) {
    try { return value instanceof AnyError; } catch { return false; }  // of a Proxy it may be asked in vain
  }

  // Not as an array, which may have been given a `toJSON`.
  function listed(texts) {
    let all = "";
    for (let i = 0; i < texts.length; i++) all += (i ? "," : "") + stringify(texts[i]);
    return `[${all}]`;
  }

  return [call, finish, describe, (source) => listed(names(source)), track];
})
