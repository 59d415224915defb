"""What a service reads from a request, by what a document says and nothing else: only the standard library is used.

It knows nothing of Jackfield, and is written from the specification: a request is cut at the delimiters of a style,
then percent-decoded, and each text is read as the types of its schema allow. What a text stands for may be open (`1`
under `type: [string, integer]`), so every reading is given.

Source: OpenAPI 3.1.1, sections 4.8.12 (parameters), 4.8.14 and 4.8.15 (media types, encoding), RFC 6570, RFC 7578.
"""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import HTTP
from itertools import islice, product
from urllib.parse import quote, unquote, urlsplit

ABSENT = object()
"""There is nothing of that name in the request."""

_DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_DELIMITERS = {"form": ",", "deepObject": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C", "simple": ","}
_SHAPES = ("primitive", "array", "object")
_MOST = 200
"""Readings of one value that are tried."""


class Lines(list):
    """Values of which each is of the schema of the body, a line each."""


class Schemas:
    """The schemas of a document, as far as reading a text needs them."""

    def __init__(self, root):
        """Of a document."""
        self.root = root

    def follow(self, value):
        """What a reference leads to in the end; nothing where it leads nowhere."""
        for _ in range(50):
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return value
            value = self.at(value["$ref"])
        return {}

    def at(self, reference):
        """What stands at `#/...`; `{}` where nothing does."""
        found = self.root
        for step in unquote(reference.partition("#")[2]).split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(key)] if isinstance(found, list) else found[key]
            except (KeyError, IndexError, ValueError, TypeError):
                return {}
        return found

    def parts(self, schema, depth=0):
        """The schema and all that it is made of or chooses among."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 12:
            return
        yield schema
        for key in ("allOf", "anyOf", "oneOf"):
            for one in schema.get(key) or () if isinstance(schema.get(key), list) else ():
                yield from self.parts(one, depth + 1)

    def types(self, schema):
        """The JSON types that it names anywhere; all where it names none."""
        found = set()
        for part in self.parts(schema):
            said = part.get("type")
            found |= set(said) if isinstance(said, list) else {said} if isinstance(said, str) else set()
            if part.get("nullable") is True:
                found.add("null")
            if "properties" in part or isinstance(part.get("additionalProperties"), dict):
                found.add("object")
            if "items" in part:
                found.add("array")
        return found or {"string", "number", "integer", "boolean", "array", "object", "null"}

    def items(self, schema):
        """The schema of items."""
        return {"anyOf": [part["items"] for part in self.parts(schema) if isinstance(part.get("items"), dict)] or [{}]}

    def member(self, schema, name):
        """The schema of a member."""
        own = [part["properties"][name] for part in self.parts(schema) if name in (part.get("properties") or {})]
        more = [part["additionalProperties"] for part in self.parts(schema) if "additionalProperties" in part]
        found = own or [one for one in more if isinstance(one, dict)] or [{}]
        return found[0] if len(found) == 1 else {"anyOf": found}

    def names(self, schema):
        """The members that it names."""
        return {name for part in self.parts(schema) for name in (part.get("properties") or {})}


def read_parameter(parameter, schemas, *, template, request):
    """Each value that a parameter may have in a request; `ABSENT` alone where it is not there.

    Args:
        parameter: As the document has it, its reference followed.
        schemas: Of the document.
        template: The path of the document.
        request: `{method, url, headers, body}`.
    """
    if isinstance(parameter.get("content"), dict) and "schema" not in parameter:
        media_type, media = next(iter(parameter["content"].items()))
        yield from _content(parameter, media_type, media.get("schema", {}), schemas, template, request)
        return
    schema = parameter.get("schema", {})
    style = parameter.get("style") or _DEFAULT_STYLES[parameter["in"]]
    explode = parameter.get("explode", style in ("form", "deepObject"))
    kinds = schemas.types(schema)
    shapes = [shape for shape in _SHAPES if shape in kinds or (shape == "primitive" and kinds - {"array", "object"})]
    for shape in shapes:
        raw = _raw(parameter, style, explode, shape, schema, schemas, template, request)
        if raw is ABSENT:
            yield ABSENT
        else:
            yield from islice(_readings(raw, schema, schemas), _MOST)


def _content(parameter, media_type, schema, schemas, template, request):
    raw = _raw(parameter, _DEFAULT_STYLES[parameter["in"]], False, "primitive", schema, schemas, template, request)
    if raw is ABSENT:
        yield ABSENT
    elif "json" in media_type:
        yield json.loads(raw)
    else:
        yield raw


def _raw(parameter, style, explode, shape, schema, schemas, template, request):
    """A text, a list of texts or an object of texts."""
    name, where = parameter["name"], parameter["in"]
    if where == "path":
        return _in_path(name, style, explode, shape, template, request)
    if where in ("query", "cookie"):
        query = urlsplit(request["url"]).query
        pairs = _pairs(query) if where == "query" else _pairs(_header(request, "cookie") or "", "; ")
        return pairs_value(pairs, name, style, explode, shape, schema, schemas)
    text = _header(request, name)
    return ABSENT if text is None else _cut(text, ",", explode, shape, str)


def _header(request, name):
    return next((text for key, text in request["headers"].items() if key.lower() == name.lower()), None)


def _pairs(query, between="&"):
    """Names and values as they are written."""
    return [tuple(part.partition("=")[::2]) for part in query.split(between) if part]


def _in_path(name, style, explode, shape, template, request):
    path = urlsplit(request["url"]).path
    text = _hole(name, without_query(template), path)
    if text is None:
        return _in_query_of_path(name, template, request)
    if style == "label":
        return _cut(text.removeprefix("."), "." if explode else ",", explode, shape, unquote)
    if style != "matrix":
        return _cut(text, ",", explode, shape, unquote)
    pairs = [tuple(part.partition("=")[::2]) for part in text.split(";")[1:]]
    if shape == "object" and explode:
        return {unquote(key): unquote(value) for key, value in pairs}
    return _named(pairs, name, explode, shape, ",")


def _in_query_of_path(name, template, request):
    """Some paths have holes in a query."""
    found = re.search(r"[?&]([^=&]+)=\{" + re.escape(name) + r"\}", template)
    values = dict(_pairs(urlsplit(request["url"]).query))
    return unquote(values[found[1]]) if found and found[1] in values else ABSENT


def without_query(template):
    """The path of a template alone; marks inside of braces belong to a name."""
    return re.match(r"(?:\{[^{}]*\}|[^?#])*", template)[0]


def _hole(name, template, path):
    """What stands in a path for `{name}`. Where holes touch, the later one begins at the first literal between."""
    before, found, after = template.partition("{" + name + "}")
    if not found:
        return None
    start = _end_of(before, path)
    ending = after.partition("{")[0]
    if start is None:
        return None
    end = path.find(_literal(ending), start) if ending else len(path)
    end = len(path) - len(_literal(ending)) if ending and "{" not in after else end
    return path[start:end] if end >= start else None


def _end_of(template, path):
    """Where a path goes on behind what `template` stands for."""
    at = 0
    while template:
        literal, found, rest = template.partition("{")
        at = path.find(_literal(literal), at)
        if at < 0:
            return None
        at += len(_literal(literal))
        template = rest.partition("}")[2] if found else ""
        if found:
            following = template.partition("{")[0]
            at = path.find(_literal(following), at) if following else at
            if at < 0:
                return None
    return at


def _literal(text):
    """A text of a template, as it is written in an address."""
    return "".join(
        one if one.isascii() and (one.isalnum() or one in "/:@!$&'()*+,;=-._~%") else _escaped(one) for one in text
    )


def _escaped(letter):
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def pairs_value(pairs, name, style, explode, shape, schema, schemas):
    """The value of a name in a query, a form or a cookie, from pairs as they are written."""
    if style == "deepObject" and shape != "primitive":
        return _deep(pairs, name)
    if shape == "object" and explode and style == "form":
        known = schemas.names(schema)
        found = {unquote(key): unquote(value) for key, value in pairs if unquote(key) in known or not known}
        return found or ABSENT
    return _named(pairs, name, explode, shape, _DELIMITERS[style])


def _named(pairs, name, explode, shape, delimiter):
    values = [value for key, value in pairs if unquote(key) == name]
    if not values:
        return ABSENT
    if shape == "array" and explode:
        return [unquote(value) for value in values]
    return _cut(values[0], delimiter, False, shape, unquote)


def _cut(text, delimiter, explode, shape, decode):
    if shape == "primitive":
        return decode(text)
    parts = text.split(delimiter) if text else []
    if shape == "array":
        return [decode(part) for part in parts]
    if explode:
        return {decode(key): decode(value) for key, _, value in (part.partition("=") for part in parts)}
    return {decode(key): decode(value) for key, value in zip(parts[::2], parts[1::2], strict=False)}


def _deep(pairs, name):
    """`name[a][0]` as objects of objects: what has only positions is a list."""
    found = {}
    for key, value in pairs:
        written = unquote(key)
        if not (written.startswith(f"{name}[") and written.endswith("]")):
            continue
        steps = written[len(name) + 1 : -1].split("][")
        inside = found
        for step in steps[:-1]:
            inside = inside.setdefault(step, {})
        inside[steps[-1]] = unquote(value)
    return _lists(found) if found else ABSENT


def _lists(value):
    if not isinstance(value, dict):
        return value
    made = {key: _lists(one) for key, one in value.items()}
    return list(made.values()) if made and list(made) == [str(at) for at in range(len(made))] else made


def _readings(raw, schema, schemas, depth=0):
    """Every value that texts may stand for."""
    if depth > 12:
        return
    if isinstance(raw, list):
        inner = schemas.items(schema)
        every = [[*islice(_readings(one, inner, schemas, depth + 1), 4)] for one in raw]
        yield from (list(each) for each in product(*every))
    elif isinstance(raw, dict):
        every = [
            [*islice(_readings(one, schemas.member(schema, key), schemas, depth + 1), 4)] for key, one in raw.items()
        ]
        yield from (dict(zip(raw, each, strict=True)) for each in product(*every))
    else:
        yield from _scalar(raw, schemas.types(schema))


def _scalar(text, types):
    if not isinstance(text, str):
        yield text
        return
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = ABSENT
    if isinstance(read, bool):
        fits = "boolean" in types
    elif isinstance(read, int | float):
        fits = bool(types & {"number", "integer"})
    elif isinstance(read, list | dict):
        fits = ("array" if isinstance(read, list) else "object") in types
    else:
        fits = read is None and "null" in types
    if fits:
        yield read
    if "string" in types or not fits:
        yield text


def read_body(content, media_type, media, schemas):
    """Each value that a body may stand for; nothing where a body of that type is read by nobody here, such as XML.

    Args:
        content: Bytes.
        media_type: As it was sent.
        media: The Media Type Object of the document.
        schemas: Of the document.
    """
    kind = media_type.partition(";")[0].strip().lower()
    schema = media.get("schema", {})
    if kind in ("application/x-ndjson", "application/ndjson", "application/jsonl"):
        lines = [json.loads(line) for line in content.splitlines() if line]
        yield from [lines] if "array" in schemas.types(schema) else lines[:1] if len(lines) == 1 else [Lines(lines)]
    elif kind.endswith("json") or kind == "*/*":
        yield json.loads(content)
    elif kind == "application/x-www-form-urlencoded":
        yield from islice(_fields(_form(content, media, schemas), schema, schemas), _MOST)
    elif kind.startswith("multipart/"):
        yield from islice(_fields(_multipart(content, media_type, media, schemas), schema, schemas), _MOST)
    elif kind.startswith("text/") and "xml" not in kind:
        yield content.decode()


def _fields(raw, schema, schemas):
    every = [[*islice(_readings(one, schemas.member(schema, name), schemas), 4)] for name, one in raw.items()]
    yield from (dict(zip(raw, each, strict=True)) for each in product(*every))


def _form(content, media, schemas):
    pairs = _pairs(content.decode())
    schema, encodings = media.get("schema", {}), media.get("encoding") or {}
    found = {}
    styled = {
        name
        for name, one in encodings.items()
        if isinstance(one, dict) and one.keys() & {"style", "explode", "allowReserved"}
    }
    for name in styled:
        one, inner = encodings[name], schemas.member(schema, name)
        style = one.get("style", "form")
        explode = one.get("explode", style in ("form", "deepObject"))
        for shape in _SHAPES:
            if shape in schemas.types(inner) or shape == "primitive":
                value = pairs_value(pairs, name, style, explode, shape, inner, schemas)
                found |= {} if value is ABSENT else {name: value}
    taken = {
        key for key, _ in pairs if any(unquote(key) == name or unquote(key).startswith(f"{name}[") for name in found)
    }
    inside = {key for name in styled for key in schemas.names(schemas.member(schema, name)) if name in found}
    for key, value in pairs:
        name = unquote(key)
        if key in taken or (name in inside and name not in schemas.names(schema)):
            continue
        _add(found, name, unquote(value.replace("+", " ")), schemas.types(schemas.member(schema, name)))
    return found


def _multipart(content, media_type, media, schemas):
    message = message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + content, policy=HTTP)
    schema, encodings, found = media.get("schema", {}), media.get("encoding") or {}, {}
    texts = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        raw = part.get_payload(decode=True)
        if "json" in (part.get("Content-Type") or ""):
            value = json.loads(raw)
            inner = schemas.member(schema, name)
            nested = schemas.types(schemas.items(inner)) == {"array"}
            if "array" in schemas.types(inner) and (nested or not isinstance(value, list)):
                found.setdefault(name, []).append(value)
                continue
        else:
            value = raw.decode("latin-1" if part.get_filename() else "utf-8")
            texts.append((name, value))
        _add(found, name, value, schemas.types(schemas.member(schema, name)))
    for name, one in encodings.items():
        if isinstance(one, dict) and one.keys() & {"style", "explode"}:
            _restyled(found, texts, name, one, schemas.member(schema, name), schemas)
    return found


def _restyled(found, texts, name, encoding, schema, schemas):
    """The parts of a property that has a style, put together."""
    style = encoding.get("style", "form")
    explode = encoding.get("explode", style in ("form", "deepObject"))
    kinds = schemas.types(schema)
    shape = "object" if "object" in kinds and "array" not in kinds else "array" if "array" in kinds else "primitive"
    mark = _DELIMITERS.get(style, ",")
    pairs = [(quote(key), mark.join(quote(one) for one in text.split(unquote(mark)))) for key, text in texts]
    value = pairs_value(pairs, name, style, explode, shape, schema, schemas)
    if value is ABSENT:
        return
    inside = schemas.names(schema) if style == "form" and explode and shape == "object" else ()
    for key, _ in texts:
        if key in inside or key == name or key.startswith(f"{name}["):
            found.pop(key, None)
    found[name] = value


def _add(found, name, value, types):
    """A name that is there several times is a list, and so is one that can be nothing else."""
    if name in found:
        found[name] = [*found[name], value] if isinstance(found[name], list) else [found[name], value]
    else:
        found[name] = [value] if types - {"null"} == {"array"} and not isinstance(value, list) else value
