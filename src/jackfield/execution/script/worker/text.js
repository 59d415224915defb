// `TextEncoder` and `TextDecoder` for UTF-8, `URLSearchParams`, `URL`: what the engine does not bring.
// Source: https://encoding.spec.whatwg.org and https://url.spec.whatwg.org, without IDNA: a host outside of ASCII has to
// be written in Punycode.
(function () {
  "use strict";
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

  class TextEncoder {
    get encoding() { return "utf-8"; }

    encode(text = "") {
      const wellFormed = `${text}`.toWellFormed();
      let bytes = new Uint8Array(wellFormed.length + 16), at = 0;
      for (let i = 0; i < wellFormed.length; i++) {
        if (at + 4 > bytes.length) {
          const more = new Uint8Array(bytes.length * 2);
          more.set(bytes);
          bytes = more;
        }
        const code = wellFormed.codePointAt(i);
        if (code < 0x80) bytes[at++] = code;
        else if (code < 0x800) { bytes[at++] = 0xc0 | (code >> 6); bytes[at++] = 0x80 | (code & 63); }
        else if (code < 0x10000) { bytes[at++] = 0xe0 | (code >> 12); bytes[at++] = 0x80 | ((code >> 6) & 63); bytes[at++] = 0x80 | (code & 63); }
        else {
          bytes[at++] = 0xf0 | (code >> 18); bytes[at++] = 0x80 | ((code >> 12) & 63);
          bytes[at++] = 0x80 | ((code >> 6) & 63); bytes[at++] = 0x80 | (code & 63);
          i++;
        }
      }
      return bytes.slice(0, at);
    }
  }

  class TextDecoder {
    #fatal;
    #ignoreBOM;

    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8|x-unicode20utf8)\s*$/i.test(label)) throw new RangeError(`TextDecoder knows utf-8, not \`${label}\``);
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
    }

    get encoding() { return "utf-8"; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }

    decode(data = new Uint8Array(0)) {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const parts = [];
      let codes = [], left = 0, code = 0, low = 0x80, high = 0xbf;
      const bad = () => {
        if (this.#fatal) throw new TypeError("the bytes are no UTF-8");
        codes.push(0xfffd);
      };
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i];
        if (left && (byte < low || byte > high)) { left = 0; bad(); }
        else if (left) {
          code = (code << 6) | (byte & 63);
          low = 0x80; high = 0xbf;
          if (--left === 0) codes.push(code);
          continue;
        }
        low = 0x80; high = 0xbf;
        if (byte < 0x80) codes.push(byte);
        else if (byte >= 0xc2 && byte <= 0xdf) { left = 1; code = byte & 31; }
        else if (byte >= 0xe0 && byte <= 0xef) { left = 2; code = byte & 15; if (byte === 0xe0) low = 0xa0; if (byte === 0xed) high = 0x9f; }
        else if (byte >= 0xf0 && byte <= 0xf4) { left = 3; code = byte & 7; if (byte === 0xf0) low = 0x90; if (byte === 0xf4) high = 0x8f; }
        else bad();
        if (codes.length > 8000) { parts.push(String.fromCodePoint(...codes)); codes = []; }
      }
      if (left) bad();
      const text = parts.join("") + String.fromCodePoint(...codes);
      return !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }

  define("TextEncoder", TextEncoder);
  define("TextDecoder", TextDecoder);
  const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  function escaped(text, keep) {
    let out = "";
    for (const character of text) {
      if (keep(character)) { out += character; continue; }
      for (const byte of encoder.encode(character)) out += `%${byte < 16 ? "0" : ""}${byte.toString(16).toUpperCase()}`;
    }
    return out;
  }

  function unescaped(text) {
    if (!text.includes("%")) return text;
    const from = encoder.encode(text), bytes = [];
    for (let i = 0; i < from.length; i++) {
      const pair = from[i] === 37 ? String.fromCharCode(from[i + 1] ?? 0, from[i + 2] ?? 0) : "";
      if (/^[0-9a-fA-F]{2}$/.test(pair)) { bytes.push(parseInt(pair, 16)); i += 2; } else bytes.push(from[i]);
    }
    return decoder.decode(new Uint8Array(bytes));
  }

  const printable = (character) => character > " " && character < "\x7f";
  const without = (refused) => (character) => printable(character) && !refused.includes(character);
  const inForm = (character) => /[A-Za-z0-9*\-._]/.test(character);
  const inPath = without("\"#<>?^`{}"), inUser = without("\"#<>?`{}/:;=@[\\]^|"), inFragment = without("\"<>`");
  const inQuery = without("\"#<>"), inSpecialQuery = without("\"#<>'");

  class URLSearchParams {
    #pairs = [];
    #changed = () => {};

    constructor(init = "", changed) {
      if (changed) this.#changed = changed;
      if (typeof init === "object" && init !== null) {
        if (typeof init[Symbol.iterator] === "function") for (const [name, value] of init) this.#pairs.push([`${name}`, `${value}`]);
        else for (const name of Object.keys(init)) this.#pairs.push([name, `${init[name]}`]);
      } else this.#read(`${init}`.replace(/^\?/, ""));
    }

    #read(text) {
      this.#pairs = text.split("&").filter((pair) => pair).map((pair) => {
        const at = pair.indexOf("=");
        const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
        return [unescaped(name.replaceAll("+", " ")), unescaped(value.replaceAll("+", " "))];
      });
    }

    get size() { return this.#pairs.length; }
    append(name, value) { this.#pairs.push([`${name}`, `${value}`]); this.#changed(); }
    delete(name, value) { this.#pairs = this.#pairs.filter(([n, v]) => n !== `${name}` || (value !== undefined && v !== `${value}`)); this.#changed(); }
    get(name) { return this.#pairs.find(([n]) => n === `${name}`)?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter(([n]) => n === `${name}`).map(([, v]) => v); }
    has(name, value) { return this.#pairs.some(([n, v]) => n === `${name}` && (value === undefined || v === `${value}`)); }
    set(name, value) {
      const at = this.#pairs.findIndex(([n]) => n === `${name}`);
      if (at < 0) return this.append(name, value);
      this.#pairs = this.#pairs.filter(([n], i) => i <= at || n !== `${name}`);
      this.#pairs[at][1] = `${value}`;
      this.#changed();
    }
    sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#changed(); }
    forEach(each, self) { for (const [name, value] of this.#pairs) each.call(self, value, name, this); }
    *entries() { for (const [name, value] of this.#pairs) yield [name, value]; }
    *keys() { for (const [name] of this.#pairs) yield name; }
    *values() { for (const [, value] of this.#pairs) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    toString() {
      const write = (text) => escaped(text.toWellFormed(), (c) => inForm(c) || c === " ").replaceAll(" ", "+");
      return this.#pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join("&");
    }
  }

  const PORTS = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21" };

  function invalid(text) {
    return new TypeError(`Invalid URL: \`${text.slice(0, 200)}\``);
  }

  function ipv4(host) {
    const parts = host.split(".");
    if (parts.at(-1) === "" && parts.length > 1) parts.pop();
    if (!/^(0x[0-9a-f]*|[0-9]+)$/i.test(parts.at(-1))) return null;
    if (parts.length > 4) throw invalid(host);
    const numbers = parts.map((part) => {
      if (/^0x[0-9a-f]*$/i.test(part)) return part.length > 2 ? parseInt(part.slice(2), 16) : 0;
      if (/^0[0-7]*$/.test(part)) return parseInt(part, 8);
      if (/^[1-9][0-9]*$/.test(part)) return parseInt(part, 10);
      throw invalid(host);
    });
    const last = numbers.pop();
    if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) throw invalid(host);
    const value = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
  }

  function ipv6(text) {
    let host = text;
    const embedded = /(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
    if (embedded) {
      const [a, b, c, d] = embedded.slice(2).map(Number);
      if ([a, b, c, d].some((number) => number > 255)) throw invalid(text);
      host = `${embedded[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    }
    const halves = host.split("::");
    if (halves.length > 2) throw invalid(text);
    const [head, tail = []] = halves.map((half) => (half ? half.split(":") : []));
    const missing = 8 - head.length - tail.length;
    if (halves.length === 2 ? missing < 1 : missing !== 0) throw invalid(text);
    const words = [...head, ...Array(missing).fill("0"), ...tail].map((word) => {
      if (!/^[0-9a-f]{1,4}$/i.test(word)) throw invalid(text);
      return parseInt(word, 16).toString(16);
    });
    const runs = [...words.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].sort((a, b) => b[0].length - a[0].length);
    if (!runs.length) return words.join(":");
    const written = words.join(":"), { index, 0: run } = runs[0];
    return `${written.slice(0, index).replace(/:$/, "")}::${written.slice(index + run.length).replace(/^:/, "")}`;
  }

  function hostOf(text, special) {
    if (text.startsWith("[")) {
      if (!text.endsWith("]")) throw invalid(text);
      return `[${ipv6(text.slice(1, -1))}]`;
    }
    if (!special) return escaped(text, printable);
    const host = unescaped(text).toLowerCase();
    if (!host || /[^\x21-\x7e]|[#%/:<>?@[\\\]^|]/.test(host)) throw invalid(text);
    return ipv4(host) ?? host;
  }

  function normal(path, special) {
    const out = [], parts = (special ? path.replaceAll("\\", "/") : path).split("/").slice(1);
    parts.forEach((part, i) => {
      const plain = part.replaceAll(/%2e/gi, "."), last = i === parts.length - 1;
      if (plain === "..") { out.pop(); if (last) out.push(""); }
      else if (plain === ".") { if (last) out.push(""); }
      else out.push(escaped(part, (c) => inPath(c)));
    });
    return `/${out.join("/")}`;
  }

  const SHAPE = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

  function parsed(input, base) {
    const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
    const [, scheme, rest, query, fragment] = SHAPE.exec(text);
    const protocol = scheme === undefined ? base?.protocol : `${scheme.toLowerCase()}:`;
    if (protocol === undefined) throw invalid(text);
    const special = protocol in PORTS;
    const url = { protocol, username: "", password: "", host: null, port: "", path: "", query: query ?? null, fragment: fragment ?? null };
    const slashes = special ? rest.replaceAll("\\", "/") : rest;
    const relative = scheme === undefined || (special && base?.protocol === protocol && !slashes.startsWith("//"));
    if (relative && base.host === null && !base.path.startsWith("/")) {  // as of `mailto:`: only a fragment fits
      if (!text.startsWith("#")) throw invalid(text);
      return { ...base, fragment: escaped(fragment, inFragment) };
    }
    if (relative && !slashes.startsWith("//")) {
      Object.assign(url, { username: base.username, password: base.password, host: base.host, port: base.port });
      if (slashes === "") { url.path = base.path; url.query = query ?? base.query; }
      else url.path = normal(slashes.startsWith("/") ? slashes : base.path.replace(/[^/]*$/, "") + slashes, special);
    } else if (special || slashes.startsWith("//")) {
      const [, authority, path] = /^([^/]*)(.*)$/s.exec(special ? slashes.replace(/^\/*/, "") : slashes.slice(2));
      authorityInto(url, authority, special);
      url.path = special || path ? normal(path || "/", special) : "";
    } else {
      url.path = slashes.startsWith("/") ? normal(slashes, false) : escaped(slashes, (c) => c >= " " && c <= "~");
    }
    if (url.query !== null) url.query = escaped(url.query, special ? inSpecialQuery : inQuery);
    if (url.fragment !== null) url.fragment = escaped(url.fragment, inFragment);
    return url;
  }

  function authorityInto(url, authority, special) {
    const at = authority.lastIndexOf("@");
    if (at >= 0) {
      const [, user, password = ""] = /^([^:]*)(?::(.*))?$/s.exec(authority.slice(0, at));
      url.username = escaped(user, inUser);
      url.password = escaped(password, inUser);
    }
    const found = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(authority.slice(at + 1));
    if (!found || (special && !found[1]) || Number(found[2] ?? 0) > 65535) throw invalid(authority);
    url.host = hostOf(found[1], special);
    const port = found[2] ? `${Number(found[2])}` : "";
    url.port = port === PORTS[url.protocol] ? "" : port;
  }

  class URL {
    #url;
    #params;

    constructor(input, base) {
      this.#url = parsed(`${input}`, base === undefined ? undefined : parsed(`${base}`));
    }

    static canParse(input, base) { try { return !!new URL(input, base); } catch { return false; } }
    static parse(input, base) { try { return new URL(input, base); } catch { return null; } }

    get href() {
      const { protocol, username, password, path, query, fragment } = this.#url;
      const login = username || password ? `${username}${password ? `:${password}` : ""}@` : "";
      const place = this.#url.host === null ? (path.startsWith("//") ? "/." : "") : `//${login}${this.host}`;
      return `${protocol}${place}${path}${query === null ? "" : `?${query}`}${fragment === null ? "" : `#${fragment}`}`;
    }
    set href(value) { this.#url = parsed(`${value}`); this.#params = undefined; }

    get origin() { return this.#url.protocol in PORTS ? `${this.#url.protocol}//${this.host}` : "null"; }
    get protocol() { return this.#url.protocol; }
    set protocol(value) { this.#again({ protocol: `${value}`.replace(/:.*$/s, "").toLowerCase() + ":" }); }
    get username() { return this.#url.username; }
    set username(value) { this.#url.username = escaped(`${value}`, inUser); }
    get password() { return this.#url.password; }
    set password(value) { this.#url.password = escaped(`${value}`, inUser); }
    get host() { return `${this.#url.host ?? ""}${this.#url.port ? `:${this.#url.port}` : ""}`; }
    set host(value) { const url = { ...this.#url }; try { authorityInto(url, `${value}`.replace(/[/?#@].*$/s, ""), url.protocol in PORTS); this.#url = { ...this.#url, host: url.host, port: url.port }; } catch { /* left as it was */ } }
    get hostname() { return this.#url.host ?? ""; }
    set hostname(value) { try { this.#url.host = hostOf(`${value}`, this.#url.protocol in PORTS); } catch { /* left as it was */ } }
    get port() { return this.#url.port; }
    set port(value) { const port = /^\d*/.exec(`${value}`)[0]; if (Number(port) < 65536) this.#url.port = port && `${Number(port)}` !== PORTS[this.#url.protocol] ? `${Number(port)}` : ""; }
    get pathname() { return this.#url.path; }
    set pathname(value) { const path = `${value}`; this.#url.path = normal(path.startsWith("/") ? path : `/${path}`, this.#url.protocol in PORTS).replaceAll("?", "%3F").replaceAll("#", "%23"); }
    get search() { return this.#url.query ? `?${this.#url.query}` : ""; }
    set search(value) {
      const text = `${value}`.replace(/^\?/, "");
      this.#url.query = text ? escaped(text, this.#url.protocol in PORTS ? inSpecialQuery : inQuery) : null;
      this.#params = undefined;
    }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ""; }
    set hash(value) { const text = `${value}`.replace(/^#/, ""); this.#url.fragment = text ? escaped(text, inFragment) : null; }
    get searchParams() {
      this.#params ??= new URLSearchParams(this.#url.query ?? "", () => { this.#url.query = `${this.#params}` || null; });
      return this.#params;
    }
    toString() { return this.href; }
    toJSON() { return this.href; }

    #again(changed) {
      if (changed.protocol in PORTS !== this.#url.protocol in PORTS) return;
      Object.assign(this.#url, changed);
      if (this.#url.port === PORTS[this.#url.protocol]) this.#url.port = "";
    }
  }

  for (const kind of [TextEncoder, TextDecoder, URLSearchParams, URL]) {
    Object.defineProperty(kind.prototype, Symbol.toStringTag, { value: kind.name, configurable: true });
  }
  define("URLSearchParams", URLSearchParams);
  define("URL", URL);
})();
