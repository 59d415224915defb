/** Ends the call before anything is sent: its outcome is a failure with this message and code. */
const cannotSend = (message, code = "param-unplaceable") => {
  throw Object.assign(new Error(message), { code });
};

/** What `object` has itself under a name that every object has, such as `constructor`. */
const ownValue = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);

/** The address of the service, as the connection has it, without a slash at its end. */
const baseUrl = () => withoutSlash(floh.config.baseUrl.trim());

/** The same, with other fields of the connection where it has `{name}`. */
const filledBaseUrl = () => withoutSlash(fillIn(floh.config.baseUrl.trim()));

/** The address that `template` leads to, from the connection's own. */
const serverUrl = (template, base) => withoutSlash(new URL(fillIn(template), base + "/").href);

const withoutSlash = (url) => url.replace(/\/+$/, "");

/** `template` with fields of the connection where it has `{name}`. */
const fillIn = (template) => {
  let written = "";
  template.split(/\{([^{}]+)\}/).forEach((part, index, parts) => {
    written += index % 2 === 0 ? part : fieldIn(part, written, parts[index + 1]);
  });
  return written;
};

/** A field of the connection as part of an address. None can make the name of another host of it. */
const fieldIn = (field, before, after) => {
  const value = ownValue(floh.config, field);
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "object") {
    cannotSend("the connection field `" + field + "` is not filled in", "base-url-unusable");
  }
  const text = String(value);
  const authority = before.includes("://") ? before.slice(before.indexOf("://") + 3) : null;
  if (authority === null && !before.startsWith("/")) return text;
  if (authority !== null && !authority.includes("/")) {
    const whole = (after === "" || after.startsWith("/")) && /\..*[A-Za-z0-9]$/.test(authority);
    const fits = whole ? /^(:[0-9]+)?(\/.*)?$/ : /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(:[0-9]+)?$/;
    if (!fits.test(text)) cannotSend("`" + field + "` is no part of a host name", "base-url-unusable");
  }
  return encodeApart(text, "/:@!$&'()*+,;=%");
};

/** A path as it is, unless a part of it leads up the tree: servers and proxies would follow it. */
const safePath = (path) => {
  if (path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part))) {
    cannotSend("a part of the path is `.` or `..`, which leads up the tree", "path-escape");
  }
  return path;
};

/** A value in a path: a list with commas, an object as `name,value` or, exploded, as `name=value`. */
const pathPart = (name, value, explode = false) =>
  simpleParts(value, explode, encodeText).join(",") || emptyPart(name);

/** A value in a path with a point before it. */
const pathLabel = (name, value, explode) => {
  const parts = simpleParts(value, explode, encodeText);
  return parts.length ? "." + parts.join(explode ? "." : ",") : emptyPart(name);
};

/** A value in a path as `;name=value`. */
const pathMatrix = (name, value, explode) => {
  const pairs = formStyle(name, value, explode).map(([key, texts]) => {
    const text = texts.map(encodeText).join(",");
    return ";" + encodeText(key) + (text ? "=" + text : "");
  });
  return pairs.join("") || emptyPart(name);
};

const emptyPart = (name) => cannotSend("`" + name + "` is empty, and it is a part of the path", "path-escape");

/** `?name=value&...` of lists of pairs; nothing if there are none. */
const queryString = (...pairs) => {
  const all = pairs.flat().filter((pair) => pair !== undefined);
  return all.length ? "?" + all.join("&") : "";
};

/** The pairs that a path has by itself, unless others of the same name are given, and those others. */
const besideFixed = (fixed, ...pairs) => {
  const given = pairs.flat();
  const nameOf = (pair) => decodeURIComponent(pair.split("=", 1)[0].replaceAll("+", " "));
  const names = new Set(given.map(nameOf));
  return [...fixed.filter((pair) => !names.has(nameOf(pair))), ...given];
};

/** Pairs of a query: one for each item of a list and each member of an object or, not exploded, one for all. */
const queryPairs = (name, value, { explode = true, delimiter = ",", encode = encodeText } = {}) =>
  formStyle(name, value, explode).map(
    ([key, texts]) => encodeText(key) + "=" + texts.map((text) => encode(text, texts.length > 1)).join(delimiter),
  );

/** Pairs as `name[member]=value`, as deep as the value is. */
const deepPairs = (name, value, { encode = encodeText } = {}) =>
  deepStyle(name, value).map(([key, texts]) => encodeText(key) + "=" + encode(texts[0]));

/** The text of a header; `undefined` where there is nothing to say. */
const headerText = (value, explode = false) => {
  const parts = simpleParts(value, explode, String);
  return parts.length ? parts.join(",") : undefined;
};

/** The header `Cookie` of lists of pairs; `undefined` if there are none. */
const cookieHeader = (...pairs) => pairs.flat().filter(Boolean).join("; ") || undefined;

const cookiePairs = (name, value, explode = true) =>
  formStyle(name, value, explode).map(
    ([key, texts]) => encodeApart(key, "!#$&'*+^`|") + "=" + texts.map(encodeCookie).join(","),
  );

const encodeCookie = (text) => encodeApart(text, "!#$&'()*+/:<=>?@[]^`{|}");

/** Style `simple`: items of a list, names and values of an object. */
const simpleParts = (value, explode, encode) => {
  if (!isObject(value)) return asTexts(value).map((text) => encode(text));
  const members = memberTexts(value).map(([key, text]) => [encode(key), encode(text)]);
  return explode ? members.map((member) => member.join("=")) : members.flat();
};

/** Style `form`: `[name, [text, ...]]` for each pair. Nothing of null, nor of what is empty. */
const formStyle = (name, value, explode) => {
  if (isObject(value)) {
    const members = memberTexts(value);
    if (explode) return members.map(([key, text]) => [key, [text]]);
    return members.length ? [[name, members.flat()]] : [];
  }
  const texts = asTexts(value);
  if (explode || !Array.isArray(value)) return texts.map((text) => [name, [text]]);
  return texts.length ? [[name, texts]] : [];
};

/** Style `deepObject`: `[name[member], [text]]` for each value inside. */
const deepStyle = (name, value) => {
  if (!isGiven(value)) return [];
  if (typeof value !== "object") return [[name, [asText(value)]]];
  return Object.entries(value).flatMap(([key, inner]) => deepStyle(name + "[" + key + "]", inner));
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const isGiven = (value) => value !== undefined && value !== null;

const memberTexts = (object) =>
  Object.entries(object).flatMap(([name, value]) => (isGiven(value) ? [[name, asText(value)]] : []));

const asTexts = (value) => [value].flat().filter(isGiven).map(asText);

/** A value as text: numbers and booleans, objects and lists as JSON has them. */
const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** JSON of what is given; `undefined` of nothing. */
const asJson = (value) => (isGiven(value) ? JSON.stringify(value) : undefined);

/** The same in ASCII, as headers want it. */
const asciiJson = (value) =>
  asJson(value)?.replace(/[^\x00-\x7f]/g, (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"));

/** A list as JSON, an item a line; anything else as text. */
const asLines = (value) =>
  Array.isArray(value) ? value.map((item) => JSON.stringify(item) + "\n").join("") : asText(value);

/** XML, which is given as text. */
const asXml = (value) => {
  if (typeof value === "object") cannotSend("XML is given as text, and not as an object or a list");
  return asText(value);
};

/** `text` percent-encoded, apart from letters, digits and `-._~`. */
const encodeText = (text) => encodeApart(text, "");

/** `text` percent-encoded, apart from letters, digits, `-._~` and the characters of `kept`. */
const encodeApart = (text, kept) =>
  Array.from(text, (char) => {
    if (/[A-Za-z0-9\-._~]/.test(char) || kept.includes(char)) return char;
    return encodeURIComponent(char).replace(/[!'()*]/, (one) => "%" + one.charCodeAt(0).toString(16).toUpperCase());
  }).join("");

/** `text` with reserved characters, and what is encoded already, as they are. A comma in a list is encoded. */
const keepReserved = (text, inList) =>
  text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, index) => (index % 2 ? part : encodeApart(part, inList ? ":/?@!$'()*;=" : ":/?@!$'()*,;=")))
    .join("");

/** The members of `object` that are not `undefined`. */
const onlyGiven = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** What `write` makes of the members that are given; `undefined`, which is no body, if none is. */
const ifAnyGiven = (object, write) => {
  const given = onlyGiven(object);
  return Object.keys(given).length ? write(given) : undefined;
};

/** A form: `name=value&...`. `special` has how to write members that are not written as the others. */
const formBody = (members, special = {}) => {
  if (typeof members === "string") return members;
  return membersOf(members)
    .filter(([, value]) => isGiven(value))
    .flatMap(([name, value]) => (Object.hasOwn(special, name) ? special[name] : formField)(name, value))
    .join("&");
};

const membersOf = (object) => {
  if (!isObject(object)) cannotSend("the body has to be an object");
  return Object.entries(object).filter(([, value]) => value !== undefined);
};

/** A member of a form: of a list, each item. */
const formField = (name, value, write = asText) =>
  [value].flat().filter(isGiven).map((item) => encodeText(name) + "=" + encodeText(write(item)));

/** A member of a form whose parts are joined. A comma stays one: it can be told from those inside of parts. */
const joinedField = (name, value, delimiter) =>
  formStyle(name, value, false).map(
    ([key, texts]) => encodeText(key) + "=" + texts.map(encodeText).join(encodeApart(delimiter, ",")),
  );

/** A member of a form that is bytes, given in base64. */
const bytesField = (name, value) =>
  [value].flat().filter(isGiven).map((item) => encodeText(name) + "=" + encodeBytes(fromBase64(item)));

const encodeBytes = (bytes) =>
  Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~]/.test(char) ? char : "%" + byte.toString(16).toUpperCase().padStart(2, "0");
  }).join("");

const fromBase64 = (text) => {
  const plain = text.replace(/\s+/g, "");
  if (plain.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) cannotSend("what has to be base64 is not");
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
};

/** What bytes are, where a document only says of what family (`*`: of any), and how names of such files end. */
const sniffedKind = (family, bytes) => {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  const known = [
    ["\x89PNG\r\n\x1a\n", "image/png", ".png"],
    ["\xff\xd8\xff", "image/jpeg", ".jpg"],
    ["GIF8", "image/gif", ".gif"],
    ["%PDF-", "application/pdf", ".pdf"],
    ["PK\x03\x04", "application/zip", ".zip"],
    ["RIFF", "image/webp", ".webp", "WEBP"],
  ];
  const found = known.find(([magic, , , end = ""]) => start.startsWith(magic) && start.endsWith(end));
  const fits = found && (family === "*" || found[1].startsWith(family + "/"));
  return fits ? { type: found[1], ending: found[2] } : { type: "application/octet-stream", ending: "" };
};

/** A body of several parts, and its media type. `special` has how to write those that are not as the others. */
const multipartBody = (type, members, special = {}) => {
  const parts = membersOf(members).flatMap(([name, value]) =>
    (Object.hasOwn(special, name) ? special[name] : fieldPart)(name, value),
  );
  const boundary = "part-" + crypto.randomUUID();
  const pieces = parts.flatMap(({ head, content }) => [
    "--" + boundary + "\r\n" + head + "\r\n\r\n",
    content,
    "\r\n",
  ]);
  return { body: joinBytes([...pieces, "--" + boundary + "--\r\n"]), type: type + "; boundary=" + boundary };
};

const joinBytes = (pieces) => {
  const all = pieces.map((piece) => (typeof piece === "string" ? new TextEncoder().encode(piece) : piece));
  const bytes = new Uint8Array(all.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const one of all) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
};

/** A part for each item of a list, or for a value that is none. */
const fieldPart = (name, value, { type, headers, write = asText, nulls = false } = {}) =>
  [value]
    .flat()
    .filter((item) => nulls || isGiven(item))
    .map((item) => {
      const usual = isObject(item) || Array.isArray(item) ? "application/json" : "";
      return partOf(name, write(item), { type: type ?? usual, headers });
    });

/** A part for each pair of a style. */
const styledParts = (pairs, { delimiter = ",", headers } = {}) =>
  pairs.map(([name, texts]) => partOf(name, texts.join(delimiter), { headers }));

/** A part that servers take as a file, given in base64. */
const filePart = (name, value, { type, ending = "", family, headers } = {}) =>
  [value].flat().filter(isGiven).map((item) => {
    const content = fromBase64(item);
    const kind = family ? sniffedKind(family, content) : { type, ending };
    return partOf(name, content, { type: kind.type, filename: name + kind.ending, headers });
  });

const partOf = (name, content, { type, filename, headers = {} }) => {
  const quoted = (text) => '"' + text.replace(/["\r\n]/g, (char) => encodeURIComponent(char)) + '"';
  const file = filename ? "; filename=" + quoted(filename) : "";
  const lines = ["Content-Disposition: form-data; name=" + quoted(name) + file];
  if (type) lines.push("Content-Type: " + type);
  lines.push(...Object.entries(headers).map(([header, text]) => header + ": " + text));
  return { head: lines.join("\r\n"), content };
};

/** Bytes in base64. */
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** A media type of text that says that it is UTF-8 where that makes a difference. */
const textType = (type, text = "") =>
  /^text\/(?!.*charset)/i.test(type) && /[^\x00-\x7f]/.test(text) ? type + "; charset=utf-8" : type;

/** The media type of a value that a document leaves open. */
const usualType = (value) => (typeof value === "string" ? "text/plain; charset=utf-8" : "application/json");

/** What the service answered, as the outcome of the command: from status 400 on a failure. */
const toOutcome = (answer) => {
  if (answer.status < 400) return { success: true, payload: toPayload(answer) };
  return {
    success: false,
    error: "the service answered `" + answer.status + "`",
    code: "upstream-status",
    diagnostics: { status: answer.status, body: toPayload(answer) },
  };
};

/** The body of an answer: JSON as what it says, text, or bytes in base64. */
const toPayload = ({ headers, body }) => {
  if (!(body instanceof Uint8Array)) return body;
  return { base64: toBase64(body), contentType: headers["content-type"] ?? "application/octet-stream" };
};
