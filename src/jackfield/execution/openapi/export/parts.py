"""How members of a form or of a multipart body are written that are not written as the others, as JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from mimetypes import guess_extension

from jackfield.definition.openapi.media_types import essence, is_range
from jackfield.definition.openapi.plan import PartPlan
from jackfield.execution.openapi.export.parameters import DELIMITERS, styled_pairs
from jackfield.execution.openapi.export.words import key, listed, quoted
from jackfield.execution.openapi.media import OCTETS, is_json, is_xml


def special_members(parts: Mapping[str, PartPlan], *, multipart: bool) -> str:
    """An object with a function for each member that needs one; empty if none does."""
    writer = _part if multipart else _field
    items = [f"{key(name)}: {written}" for name, part in parts.items() if (written := writer(part))]
    return listed("{", items, "}") if items else ""


def _field(part: PartPlan) -> str:
    """Of a form: a function of name and value."""
    if part.style is not None:
        return _styled_field(part)
    if part.binary:
        return "bytesField"
    if part.media_types and (write := _write(part.media_types[0])):
        return f"(name, value) => formField(name, value, {write})"
    return ""


def _styled_field(part: PartPlan) -> str:
    assert part.style is not None  # noqa: S101  # asked before
    if part.explode or part.style == "deepObject" or part.allow_reserved:
        said = styled_pairs("name", "value", style=part.style, explode=part.explode, allow_reserved=part.allow_reserved)
        plain = said in {"queryPairs(name, value)", "deepPairs(name, value)"}
        return said.partition("(")[0] if plain else f"(name, value) => {said}"
    _, delimiter = DELIMITERS.get(part.style, ("", ","))
    return f"(name, value) => joinedField(name, value, {quoted(delimiter)})"


def _part(part: PartPlan) -> str:
    """Of a multipart body: a function of name and value."""
    if part.style is not None and not part.binary:
        pairs = "deepStyle(name, value)" if part.style == "deepObject" else _pairs(part)
        delimiter = DELIMITERS.get(part.style, ("", ","))[1] if not part.explode else ","
        options = [f"delimiter: {quoted(delimiter)}"] if delimiter != "," else []
        return _with(f"styledParts({pairs}", [*options, *_headers(part, typed=False)])
    media_type = part.media_types[0] if part.media_types else ""
    if part.binary:
        return _file(part, media_type)
    options = [] if "*" in media_type or not media_type else [f"type: {quoted(media_type)}"]
    if options and (write := _write(media_type)):
        options.append(f"write: {write}")
    if media_type and is_json(media_type):
        options.append("nulls: true")
    options += _headers(part, typed=bool(options))
    return _with("fieldPart(name, value", options) if options else ""


def _pairs(part: PartPlan) -> str:
    return f"formStyle(name, value, {'true' if part.explode else 'false'})"


def _file(part: PartPlan, media_type: str) -> str:
    if media_type and not is_concrete(media_type):
        return _with("filePart(name, value", [f"family: {family_of(media_type)}", *_headers(part, typed=True)])
    kind = media_type or OCTETS
    ending = "" if kind == OCTETS else guess_extension(essence(kind)) or ""
    options = [f"type: {quoted(kind)}", *([f"ending: {quoted(ending)}"] if ending else [])]
    return _with("filePart(name, value", [*options, *_headers(part, typed=True)])


def _headers(part: PartPlan, *, typed: bool) -> list[str]:
    own = {"Content-Disposition", *(["Content-Type"] if typed else [])}
    fixed = [f"{key(name)}: {quoted(text)}" for name, text in part.headers.items() if name.title() not in own]
    return [f"headers: {{ {', '.join(fixed)} }}"] if fixed else []


def is_concrete(media_type: str) -> bool:
    """Whether values can be sent as of that type, and not only of one of its family."""
    return "/" in media_type and not is_range(essence(media_type))


def family_of(media_type: str) -> str:
    """What `image/*` is about, as a text of JavaScript."""
    return quoted(essence(media_type).partition("/")[0] or "*")


def _with(start: str, options: list[str]) -> str:
    said = f", {{ {', '.join(options)} }}" if options else ""
    return f"(name, value) => {start}{said})"


def _write(media_type: str) -> str:
    """The function for values of a media type; empty where it is the usual one."""
    if is_json(media_type):
        return "JSON.stringify"
    return "asXml" if is_xml(media_type) else ""
