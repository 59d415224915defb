"""The parameters of an operation: which there are, where they go, how they are written, what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.param_names import ParamNames
from jackfield.definition.openapi.plan import Location, ParameterPlan, Style
from jackfield.definition.openapi.references import References, inside

_HOLE = re.compile(r"\{([^{}]+)\}")
_PATTERN = re.compile(r"[:+*?].*", re.DOTALL)
_LOCATIONS = get_args(Location)
_STYLES: Mapping[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
"""Those that each location allows, the default first. Source: OpenAPI 3.1.1, section 4.8.12.2."""

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Source: OpenAPI 3.1.1, section 4.8.12.2, `name`."""

_INSTEAD_OF_SCHEMA = (
    *("type", "format", "enum", "items", "default", "minimum", "maximum", "minLength", "maxLength", "pattern"),
    *("anyOf", "oneOf", "allOf"),
)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter.

    Attributes:
        schema: As the document has it, with its place.
        description, deprecated, examples: What is said of it beside its schema.
    """

    plan: ParameterPlan
    schema: Any
    schema_place: str
    description: str = ""
    deprecated: bool = False
    examples: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Raw:
    name: str
    location: Location
    body: Mapping[str, Any] = field(default_factory=dict)
    place: str


def read_parameters(found: Found, references: References, names: ParamNames) -> list[Parameter]:
    """The parameters of an operation, those of its path among them. What is left out or weakened is a notice."""
    notices = references.document.notices
    raw = _fitted(_declared(found, references), found, notices)
    order = sorted(range(len(raw)), key=lambda at: (_LOCATIONS.index(raw[at].location), raw[at].name, at))
    called: dict[int, str] = {}
    for at in order:  # not in the order of the document, so that moving one renames none
        called[at] = names.take(raw[at].name, raw[at].location)
    return [_read(one, called[at], notices) for at, one in enumerate(raw)]


def _declared(found: Found, references: References) -> dict[tuple[str, str], _Raw]:
    """By location and name; what an operation says comes before what its path says."""
    declared: dict[tuple[str, str], _Raw] = {}
    notices = references.document.notices
    for level, place in ((found.item, found.item_place), (found.operation, found.place)):
        own: set[tuple[str, str]] = set()
        for raw in _listed(level, place, references):
            key = (raw.location, raw.name.lower() if raw.location == "header" else raw.name)
            if key in own:
                notices.add(raw.place, f"the {raw.location} parameter `{raw.name}` is there twice; the first counts")
                continue
            own.add(key)
            declared[key] = raw
    return declared


def _listed(level: Mapping[str, Any], place: str, references: References) -> Iterator[_Raw]:
    notices, listed = references.document.notices, level.get("parameters")
    if listed is None:
        return
    if not isinstance(listed, list):
        notices.add(inside(place, "parameters"), "the parameters are no list, so they are left out")
        return
    for at, one in enumerate(listed):
        followed = references.follow(one, inside(place, "parameters", at))
        body = followed.value
        if not followed.resolved:  # told already
            continue
        if not isinstance(body, Mapping) or not body:
            notices.add(followed.place, "the parameter is no object, so it is left out")
        elif raw := _located(body, followed.place, notices):
            yield raw


def _located(body: Mapping[str, Any], place: str, notices: Notices) -> _Raw | None:
    name, location = body.get("name"), body.get("in")
    if not isinstance(name, str) or not name:
        notices.add(place, "the parameter has no name, so it is left out")
        return None
    if location not in _LOCATIONS:
        notices.add(place, f"the parameter `{name}` is in `{str(location)[:40]}`, where none can be: it is left out")
        return None
    if location == "header" and name.lower() in _IGNORED_HEADERS:
        notices.add(place, f"a header parameter `{name}` is ignored, as OpenAPI has it: the request sets it by itself")
        return None
    return _Raw(name=name, location=cast(Location, location), body=body, place=place)


def _fitted(declared: Mapping[tuple[str, str], _Raw], found: Found, notices: Notices) -> list[_Raw]:
    """The parameters that fit the path: each hole has one, and none in the path has no hole."""
    holes = list(dict.fromkeys(_HOLE.findall(found.path)))
    of_hole = _by_hole(holes, [raw for raw in declared.values() if raw.location == "path"], found, notices)
    fixed = _fixed_query(found.path)
    kept: list[_Raw] = []
    for raw in declared.values():
        if raw.location == "query" and raw.name in fixed:
            notices.add(raw.place, f"the path `{found.path}` has a value for `{raw.name}` already, so it is left out")
        elif raw.location != "path":
            kept.append(raw)
        elif hole := next((hole for hole, of in of_hole.items() if of is raw), ""):
            kept.append(_Raw(name=hole, location="path", body=raw.body, place=raw.place))
        else:
            notices.add(raw.place, f"`{raw.name}` does not occur in the path `{found.path}`, so it is left out")
    for hole in holes:
        if hole not in of_hole:
            notices.add(found.place, f"`{hole}` occurs in the path and is not declared: any text is taken")
            kept.append(_Raw(name=hole, location="path", place=found.place))
    return kept


def _by_hole(holes: list[str], raws: list[_Raw], found: Found, notices: Notices) -> dict[str, _Raw]:
    by_name = {raw.name: raw for raw in raws}
    of_hole = {hole: by_name[hole] for hole in holes if hole in by_name}
    free = [raw for raw in raws if raw.name not in of_hole]
    for hole in holes:
        if hole in of_hole:
            continue
        near = next((raw for raw in free if _bare(raw.name) == _bare(hole)), None)
        if near is not None:
            free.remove(near)
            of_hole[hole] = near
            notices.add(near.place, f"`{near.name}` is taken for `{hole}` in the path `{found.path}`")
    return of_hole


def _bare(name: str) -> str:
    """A name without case style, and without the pattern that some frameworks put behind it (`{path:.*}`)."""
    return re.sub(r"[-_.\s]", "", _PATTERN.sub("", name.strip("{}+*?"))).lower()


def _fixed_query(path: str) -> frozenset[str]:
    query = path.partition("#")[0].partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&"))
    return frozenset(name for name, equals, value in pairs if equals and not _HOLE.search(value))


def _read(raw: _Raw, param: str, notices: Notices) -> Parameter:
    body = raw.body
    media_type, schema, schema_place = _schema(raw, notices)
    style = "content" if media_type else _style(raw, notices)
    explode = body.get("explode")
    plan = ParameterPlan(
        param=param,
        name=raw.name,
        location=raw.location,
        style=cast(Style, style),
        explode=explode if isinstance(explode, bool) else style in ("form", "deepObject"),
        allow_reserved=body.get("allowReserved") is True,
        media_type=media_type,
        required=raw.location == "path" or body.get("required") is True,
    )
    description = body.get("description")
    return Parameter(
        plan=plan,
        schema=schema,
        schema_place=schema_place,
        description=description if isinstance(description, str) else "",
        deprecated=body.get("deprecated") is True,
        examples=(body["example"],) if "example" in body else (),
    )


def _schema(raw: _Raw, notices: Notices) -> tuple[str, Any, str]:
    """Media type, schema and its place. The media type is empty where a style says how the value is written."""
    body, place = raw.body, raw.place
    content = body.get("content")
    if isinstance(content, Mapping) and content and "schema" not in body:
        media_type = next(iter(content))
        media, at = content[media_type], inside(place, "content", str(media_type))
        return str(media_type), media.get("schema", {}) if isinstance(media, Mapping) else {}, inside(at, "schema")
    if "schema" in body:
        return "", body["schema"], inside(place, "schema")
    own = {key: body[key] for key in _INSTEAD_OF_SCHEMA if key in body}
    if own:
        notices.add(place, f"the parameter `{raw.name}` has no `schema`; what it says of its type is taken for one")
        return "", own, place
    if raw.location == "path":  # not any value: an object or nothing at all would make another path
        return "", {"type": ["string", "number"]}, place
    if body:
        notices.add(place, f"the parameter `{raw.name}` has no `schema`, so any value is taken")
    return "", {}, place


def _style(raw: _Raw, notices: Notices) -> str:
    allowed, said = _STYLES[raw.location], raw.body.get("style")
    if said in allowed:
        return str(said)
    if said is not None:
        what = f"the style `{str(said)[:40]}` of `{raw.name}` is none for {raw.location} parameters"
        notices.add(raw.place, f"{what}; `{allowed[0]}` is used")
    return allowed[0]
