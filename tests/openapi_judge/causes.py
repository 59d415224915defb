"""Why a judge calls a request wrong: a cause counts only where it is proved by the document and the request themselves.

Two proofs are taken. A limit of the judge is one only if a second opinion finds the very same place of the request
right: `decode` reads it as the specification says, and a validator of JSON Schema finds the value valid. A flaw of the
document is one only if the document shows it: an enum without any value of its own type, a reference to nothing.
Everything else is `wrong`, and may be a fault of ours.
"""

from __future__ import annotations

import re
from base64 import b64decode
from decimal import Decimal, InvalidOperation
from itertools import islice
from urllib.parse import unquote, urlsplit

from decode import ABSENT, Lines, Schemas, read_body, read_parameter, without_query
from jsonschema import Draft4Validator
from jsonschema.exceptions import UnknownType
from jsonschema.validators import extend
from openapi_schema_validator import OAS30WriteValidator, OAS31Validator
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, SchemaRegistry

WRONG = "wrong"
_BASE = "urn:document"
_LOCATIONS = ("path", "query", "header", "cookie")
_JSON_TYPES = {"string", "number", "integer", "boolean", "array", "object", "null"}
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+( *;.*)?")
_COMBINED = ("anyOf", "oneOf", "allOf")
_LONGEST_PATTERN = 10_000
_HARD = 400
"""Schemas that are looked at below one."""


_CHOICES = {key: Draft4Validator.VALIDATORS[key] for key in ("allOf", "anyOf", "oneOf")}
_OF_30, _OF_31 = (extend(kind, _CHOICES) for kind in (OAS30WriteValidator, OAS31Validator))
"""JSON Schema alone: "discriminator [...] MUST NOT change the validation outcome", says 3.1.1, section 4.8.25."""


class Case:
    """One request of one operation, and what its document says of it."""

    def __init__(self, document, one):
        """Of a line."""
        self.document, self.request, self.params = document, one["request"], one["params"]
        self.template, self.item = one["path"], document["paths"][one["path"]]
        self.operation = self.item[one["method"]]
        self.schemas = Schemas(document)
        modern = document["openapi"].startswith(("3.1", "3.2"))
        resource = Resource(contents=document, specification=DRAFT202012)
        registry: SchemaRegistry = Registry().with_resource(_BASE, resource)
        self._validator = (_OF_31 if modern else _OF_30)(
            {}, registry=registry, _resolver=registry.resolver(base_uri=_BASE)
        )
        self.sent = next((text for name, text in self.request["headers"].items() if name.lower() == "content-type"), "")
        self.kind = self.sent.partition(";")[0].strip().lower()

    def parameter(self, name, location):
        """The parameter that counts, of the operation or of its path."""
        for level in (self.operation, self.item):
            for one in level.get("parameters") or ():
                found = self.schemas.follow(one)
                if isinstance(found, dict) and (found.get("name"), found.get("in")) == (name, location):
                    return found
        return None

    def body(self):
        """Media types of the body."""
        content = (self.schemas.follow(self.operation.get("requestBody")) or {}).get("content")
        return content if isinstance(content, dict) else {}

    def media(self):
        """The Media Type Object of what was sent, and the name that it has."""
        wanted = [self.sent, self.kind, f"{self.kind.partition('/')[0]}/*", "*/*"]
        named = {name.partition(";")[0].strip().lower(): name for name in reversed(self.body())}
        found = next((name for one in wanted for name in (one, named.get(one)) if name in self.body()), None)
        return (self.body()[found] or {}) if found is not None else None

    def errors(self, schema, value):
        """What JSON Schema has against a value."""
        if isinstance(value, Lines):
            return [error for one in value for error in self.errors(schema, one)]
        return [*islice(self._validator.evolve(schema=schema).iter_errors(value), 20)]

    def readings(self, place):
        """The schema at a place, and what a service may read there."""
        if place == "body":
            media = self.media()
            if media is None or self.request["body"] is None:
                return None, []
            return media.get("schema", {}), self._read(media)
        parameter = self.parameter(*place)
        if parameter is None:
            return None, []
        found = read_parameter(parameter, self.schemas, template=self.template, request=self.request)
        content = parameter.get("content")
        schema = next(iter(content.values())).get("schema", {}) if content else parameter.get("schema", {})
        return schema, [*islice(found, 200)]

    def _read(self, media):
        content = self.request["body"].encode("latin-1")
        try:
            return [*islice(read_body(content, self.sent, media, self.schemas), 200)]
        except (ValueError, TypeError, AttributeError, IndexError):  # it is not what it says it is
            return []

    def below(self, schema):
        """The schema and those inside it, through references."""
        waiting, seen = [schema], set()
        while waiting and len(seen) < _HARD:
            one = waiting.pop()
            if not isinstance(one, dict) or id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            if isinstance(one.get("$ref"), str):
                waiting.append(self.schemas.follow(one))
            for value in one.values():
                waiting += value if isinstance(value, list) else [value]
                if isinstance(value, dict):
                    waiting += value.values()


def cause(case, place, said, error):
    """Why the judge calls a place wrong, or `wrong`.

    Args:
        case: The request.
        place: `body`, `path`, or name and location of a parameter.
        said: The judge's words.
        error: The innermost of its exceptions.
    """
    if pointer := re.search(r"PointerToNowhere: '([^']*)' does not exist", said):
        return _of_pointer(case, pointer[1])
    try:
        if place in ("path", "crash"):
            return _of_path(case) if place == "path" else _of_crash(case, error)
        return _of_place(case, place, said, error)
    except Unresolvable as unresolved:
        return _of_reference(case, unresolved)
    except UnknownType as unknown:
        return "document: a type that there is not" if unknown.type not in _JSON_TYPES else WRONG
    except re.error:
        return "judge: a pattern that Python does not know"


def opinion(case, ignored):
    """Places that the second opinion alone finds wrong, and no flaw of the document explains: the judge is lenient.

    Args:
        case: The request.
        ignored: Names of headers that count as nothing, in lower case.
    """
    every = [*(case.operation.get("parameters") or ()), *(case.item.get("parameters") or ())]
    named = [one for one in map(case.schemas.follow, every) if isinstance(one, dict) and one.get("name")]
    counted = [one for one in named if not (one.get("in") == "header" and one["name"].lower() in ignored)]
    places = dict.fromkeys((one["name"], one.get("in")) for one in counted if one.get("in") in _LOCATIONS)
    wanted = [*places, *(["body"] if case.request["body"] is not None else [])]
    return [place for place in wanted if _is_wrong(case, place)] + _unknown(case, counted)


def _is_wrong(case, place):
    try:
        schema, readings = case.readings(place)
        if schema is None:
            return place == "body" and _of_nothing(case, place) == WRONG
        here = [one for one in readings if one is not ABSENT]
        if not here:
            return _is_lost(case, place)
        against = [(one, case.errors(schema, one)) for one in here]
        return all(found for _, found in against) and _of_schema(case, place, against) == WRONG
    except (Unresolvable, UnknownType, re.error, RecursionError):
        return False  # no opinion


def _is_lost(case, place):
    if place == "body":
        return _of_unread(case) == WRONG
    elsewhere = [one for one in _LOCATIONS if one != place[1] and case.parameter(place[0], one)]
    given = case.params.get(f"{place[0]}_{place[1]}" if elsewhere else place[0])
    return not (given in (None, [], {}) or (isinstance(given, dict | list) and not [*_leaves(given)]))


def _leaves(value):
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from _leaves(one)
        elif one is not None:
            yield one


def _unknown(case, parameters):
    """Names in the query that no parameter has."""
    known, prefixes = set(re.findall(r"[?&]([^=&#]+)", case.template)), []
    for one in parameters:
        known.add(one["name"])
        schema = one.get("schema", {})
        if one.get("style") == "deepObject":
            prefixes.append(f"{one['name']}[")
        elif "object" in case.schemas.types(schema):
            if any(part.get("additionalProperties", True) is not False for part in case.schemas.parts(schema)):
                return []
            known |= case.schemas.names(schema)
    names = {unquote(part.partition("=")[0]) for part in urlsplit(case.request["url"]).query.split("&") if part}
    return [(name, "query") for name in names - known if not name.startswith(tuple(prefixes))]


def _of_place(case, place, said, error):
    schema, readings = case.readings(place)
    here = [one for one in readings if one is not ABSENT]
    if schema is None:
        return _of_nothing(case, place)
    if not here or (place == "body" and case.request["body"] == ""):
        return _of_unread(case) if place == "body" else _of_absent(case, case.parameter(*place), said)
    against = [(one, case.errors(schema, one)) for one in here]
    right = [one for one, found in against if not found]
    if not right:
        return _of_schema(case, place, against)
    limits = LIMITS_OF_BODIES if place == "body" else LIMITS_OF_PARAMETERS
    seen = Seen(case, place, schema, said, error, right)
    return next((name for name, shows in limits if shows(seen)), WRONG)


def _of_pointer(case, pointer):
    """The judge finds nothing at a pointer. It is a fragment of a URI, so `%7B` is a brace (RFC 6901, section 6)."""
    if case.schemas.at(f"#{pointer}") == {}:
        return "document: a reference to nothing"
    return "judge: references with percent signs are not decoded" if "%" in pointer else WRONG


def _of_crash(case, error):
    """The judge stumbled, and does not say over what: the whole request has to be right by the second opinion."""
    if _dangling_parameter(case):
        return "document: a reference to a parameter that there is not"
    every = [*(case.operation.get("parameters") or ()), *(case.item.get("parameters") or ())]
    places = [(one.get("name"), one.get("in")) for one in map(case.schemas.follow, every)]
    for place in [*places, *(["body"] if case.request["body"] is not None else [])]:
        schema, readings = case.readings(place)
        here = [reading for reading in readings if reading is not ABSENT]
        if all(case.errors(schema, reading) for reading in here) and (here or place == "body"):
            return WRONG
    return f"judge: it stumbles ({type(error).__name__})"


def _of_unread(case):
    if case.kind == "application/x-www-form-urlencoded" and case.request["body"] == "":
        return (
            "undefined: a form without fields, all of which are optional, has no bytes" if _takes_none(case) else WRONG
        )
    return _of_text(case)


def _takes_none(case):
    return not any(one.get("required") for one in case.schemas.parts((case.media() or {}).get("schema", {})))


def _of_text(case):
    """A body that nobody reads here, XML for example, of which it is only known that it goes out as it was given."""
    given = case.params.get("body")
    sent = case.request["body"].encode("latin-1")
    as_given = isinstance(given, str) and sent in (given.encode(), _bytes(given))
    if not as_given:
        return WRONG
    return "ours: XML is given as text, and what was drawn is none" if case.kind.endswith("xml") else "nobody reads it"


def _bytes(text):
    try:
        return b64decode(text)
    except ValueError:
        return None


def _of_path(case):
    """The judge looks for a path as the document writes it, and an address has other characters."""
    template = without_query(case.template)
    parts = re.split(r"\{[^{}]*\}", template)
    pattern = "([^/]*)".join(map(re.escape, parts))
    path = urlsplit(case.request["url"]).path
    if re.fullmatch(pattern, unquote(path)) and re.search(r"[^A-Za-z0-9/\-._~!$&'()*+,;=:@%]", "".join(parts)):
        return "judge: a path that has to be encoded is not found"
    if path.count("/") != template.count("/") and re.fullmatch(pattern, path):
        return "judge: an encoded slash"
    return WRONG


def _of_nothing(case, place):
    if place != "body":
        return "document: a reference to a parameter that there is not" if _dangling_parameter(case) else WRONG
    names = [*case.body()]
    if not names:
        return "document: a body without any media type"
    if not any(_MEDIA_TYPE.fullmatch(name) for name in names):
        return "document: a media type that is none"
    return WRONG


def _dangling_parameter(case):
    every = [*(case.operation.get("parameters") or ()), *(case.item.get("parameters") or ())]
    return any(isinstance(one, dict) and "$ref" in one and not case.schemas.follow(one) for one in every)


def _of_absent(case, parameter, said):
    """Nothing was sent for a parameter."""
    if parameter["in"] == "path" and f"{{{parameter['name']}}}" not in case.template:
        return "document: a path parameter that is not in the path"
    schema = parameter.get("schema", {})
    if parameter["in"] == "path" or case.params.get(parameter["name"]) not in (None, [], {}):
        return WRONG
    if parameter.get("style") == "deepObject" and case.schemas.types(schema) - {"object"}:
        return "judge: it stumbles over deepObject of what may be no object, even if nothing is sent"
    for one in case.below(schema):
        if "default" not in one or parameter.get("required"):
            continue
        if case.errors(one, one["default"]) or ("format" in one and f"'{one['default']}' is not a '" in said):
            return "document: a default that its own schema excludes (and the judge checks it)"
    return WRONG


def _of_reference(case, unresolved):
    reference = getattr(unresolved, "ref", "")
    if not reference.startswith("#") and not reference.startswith(_BASE):
        return "document: a reference to somewhere else"
    pointer = f"#{reference.partition('#')[2]}"
    if case.schemas.at(pointer) == {}:
        return "document: a reference to nothing"
    return WRONG


class Seen:
    """A place that the second opinion finds right, and the judge does not.

    Attributes:
        every: The schema, and those below it.
        right: What a service may read there.
    """

    def __init__(self, case, place, schema, said, error, right):
        """As in `cause`."""
        self.case, self.said, self.error, self.right = case, said, error, right
        self.schema, self.every = schema, [*case.below(schema)]
        self.parameter = {} if place == "body" else case.parameter(*place)
        self.style = self.parameter.get("style", "")
        self.types = case.schemas.types(schema)

    def has(self, *keys):
        """Whether one schema has all of these keys."""
        return any(all(key in one for key in keys) for one in self.every)

    def stumbles_in_form(self):
        """Whether a property that is not sent is deepObject, and may be something else than an object."""
        encoding = (self.case.media() or {}).get("encoding") or {}
        deep = [name for name, one in encoding.items() if one.get("style") == "deepObject"]
        others = [
            name for name in deep if self.case.schemas.types(self.case.schemas.member(self.schema, name)) - {"object"}
        ]
        return "not available" in self.said and any(name not in one for name in others for one in self.right)

    def asserts_format(self):
        """Whether it is about a format, and of a value whose pattern says otherwise, or that has no text."""
        return "is not a '" in self.said and self.has("format")


def _parted(value):
    """Whether there is something in a form that is no text."""
    return isinstance(value, dict) and any(not isinstance(one, str) for one in value.values())


def _items(value):
    return value if isinstance(value, list) else []


LIMITS_OF_BODIES = (
    ("judge: a schema that has itself in it, without end", lambda seen: isinstance(seen.error, RecursionError)),
    ("judge: a pattern that Python does not know", lambda seen: isinstance(seen.error, re.error)),
    (
        "judge: numbers, JSON, lists and text in multipart are not read",
        lambda seen: seen.case.kind.startswith("multipart/"),
    ),
    (
        "judge: objects, lists and numbers in forms are not read",
        lambda seen: seen.case.kind == "application/x-www-form-urlencoded" and any(map(_parted, seen.right)),
    ),
    (
        "judge: it stumbles over deepObject of what may be no object, even if nothing is sent",
        lambda seen: seen.case.kind == "application/x-www-form-urlencoded" and seen.stumbles_in_form(),
    ),
    (
        "judge: text other than text/plain is not read",
        lambda seen: seen.case.kind.startswith("text/") and seen.case.kind not in ("text/plain", "text/json"),
    ),
    (
        "judge: JSON under */* is not read",
        lambda seen: seen.case.kind == "application/json" and not any("json" in name for name in seen.case.body()),
    ),
    (
        "judge: other JSON than application/json is not read",
        lambda seen: seen.case.kind != "application/json" and seen.case.kind.endswith(("json", "jsonl")),
    ),
    (
        "judge: a discriminator is taken for a rule (3.1.1, 4.8.25: it changes no validation)",
        lambda seen: seen.has("discriminator") and re.search(r"discriminat|be resolved|valid under", seen.said),
    ),
    (
        "judge: formats are asserted (2020-12: an annotation); the value has the pattern of its schema",
        lambda seen: seen.asserts_format() and seen.has("format", "pattern"),
    ),
)
"""What openapi-core cannot, and what shows that this is it: only asked where the second opinion finds a body right."""


def _beyond(value):
    """Whether deepObject defines no form for it: that is only for objects with scalars."""
    return not isinstance(value, dict) or any(isinstance(one, dict | list) for one in value.values())


LIMITS_OF_PARAMETERS = (
    (
        "judge: a hole in the query of a path is not known",
        lambda seen: (
            seen.parameter["in"] == "path" and f"{{{seen.parameter['name']}}}" not in without_query(seen.case.template)
        ),
    ),
    (
        "undefined: lists and objects inside of deepObject, and deepObject of what is no object (3.1.1, 4.8.12.3)",
        lambda seen: seen.style == "deepObject" and any(map(_beyond, seen.right)),
    ),
    ("judge: deepObject is not read", lambda seen: seen.style == "deepObject"),
    (
        "undefined: objects and lists in the lists of a query (3.1.1, 4.8.12.4: not defined; JSON is sent)",
        lambda seen: (
            "array" in seen.types
            and {"object", "array"} & seen.case.schemas.types(seen.case.schemas.items(seen.schema))
        ),
    ),
    (
        "judge: objects, and the styles label and matrix, are not read",
        lambda seen: seen.style in ("label", "matrix") or any(isinstance(one, dict) for one in seen.right),
    ),
    ("document: a parameter that is read-only", lambda seen: any(one.get("readOnly") is True for one in seen.every)),
    (
        "judge: numbers are not read where a schema has choices",
        lambda seen: any(map(seen.has, _COMBINED)) or isinstance(seen.schema.get("type"), list),
    ),
    (
        "undefined: a value that is empty where its schema allows it (3.1.1, 4.8.12.2.1, allowEmptyValue)",
        lambda seen: "cannot be empty" in seen.said and any("" in (one, *_items(one)) for one in seen.right),
    ),
    (
        "judge: formats are asserted (2020-12: an annotation); the value has the pattern of its schema",
        lambda seen: seen.asserts_format() and seen.has("format", "pattern"),
    ),
    ("judge: a pattern that Python does not know", lambda seen: isinstance(seen.error, re.error)),
)
"""Likewise of parameters."""


def _of_schema(case, place, against):
    """The second opinion finds it wrong too: which flaw of the document makes any value wrong."""
    for _, errors in against:
        named = [_flaw_behind(error) for error in errors]
        if all(named):
            return min(named)
    nameless = [one for one, errors in against if all(error.validator == "type" and not error.path for error in errors)]
    if place == "body" and case.kind.startswith("multipart/") and any(set(one) == {"file"} for one in nameless):
        return "document: a multipart body that is no object; the file is sent as the part `file`"
    if place != "body" and _is_doubled(case, *place):
        return "document: a member of an exploded object is called as another parameter"
    return WRONG


def _is_doubled(case, name, location):
    """Whether members of an object that is sent as its members are called as it is, or as members of another one."""
    own = _exploded(case, name, location) or {name}
    every = [*(case.operation.get("parameters") or ()), *(case.item.get("parameters") or ())]
    others = [one for one in map(case.schemas.follow, every) if one.get("in") == location and one.get("name") != name]
    members = {key for one in others for key in _exploded(case, one["name"], location) if case.params.get(one["name"])}
    return bool(own & (members | ({one["name"] for one in others} if own != {name} else set())))


def _exploded(case, name, location):
    """The names that an object is sent by, if it is one that is sent as its members."""
    one = case.parameter(name, location) or {}
    is_exploded = one.get("style", "form") == "form" and one.get("explode", True)
    return case.schemas.names(one.get("schema", {})) if is_exploded else set()


def _flaw_behind(error):
    """The flaw that an error shows, or that one of the choices shows which it had, if that alone was against it."""
    choices = {}
    for inner in error.context or ():
        choices.setdefault(inner.schema_path[0] if inner.schema_path else 0, []).append(_flaw_behind(inner))
    behind = [min(named) for named in choices.values() if all(named)]
    return _flaw(error) or (min(behind) if behind else None)


def _flaw(error):
    """The flaw of the document that this error shows; nothing where it shows none."""
    if not isinstance(error.schema, dict):
        return None
    if error.validator == "enum":
        return _flaw_of_enum(error)
    return next((name for key, name, shows in _FLAWS if key == error.validator and shows(error)), None)


def _flaw_of_enum(error):
    kinds, values = error.schema.get("type"), error.validator_value
    if kinds == "array" and not any(isinstance(one, list) for one in values):
        return "document: an enum of items beside an array"
    if isinstance(kinds, str) and not any(_is_a(one, kinds) for one in values):
        return "document: an enum without any value of its own type"
    if isinstance(kinds, str) and any(_text(one) == _text(error.instance) for one in values):
        return "document: an enum with values that are not of its type"
    return None


_FLAWS = (
    (
        "multipleOf",
        "judge: multipleOf in binary fractions",
        lambda error: _is_multiple(error.instance, error.validator_value),
    ),
    (
        "pattern",
        "ours: a pattern of more than 10,000 characters is left out, and told",
        lambda error: len(error.validator_value) > _LONGEST_PATTERN,
    ),
    (
        "pattern",
        "document: a pattern between slashes, which nothing has",
        lambda error: error.validator_value.startswith("/"),
    ),
    ("readOnly", "document: a parameter that is read-only", lambda error: True),
    *(
        (
            key,
            "document: a bound that is true or false, as versions before 3.1 have it",
            lambda error: isinstance(error.validator_value, bool),
        )
        for key in ("exclusiveMinimum", "exclusiveMaximum")
    ),
)
"""Keyword that fails, flaw, and what shows it."""


def _is_a(value, kind):
    is_kind = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }.get(kind, object)
    return isinstance(value, is_kind) and (kind == "boolean" or not isinstance(value, bool))


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_multiple(value, step):
    try:
        return Decimal(repr(value)) % Decimal(repr(step)) == 0 or abs(value / step - round(value / step)) < 1e-9
    except (InvalidOperation, ZeroDivisionError, TypeError, OverflowError):
        return False
