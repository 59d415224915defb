"""The body of a request as JavaScript."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from jackfield.definition.openapi.media_types import essence, is_lines, is_range
from jackfield.definition.openapi.plan import BodyPlan
from jackfield.execution.openapi.export.parameters import PARAMS
from jackfield.execution.openapi.export.parts import family_of, is_concrete, special_members
from jackfield.execution.openapi.export.words import key, listed, member, quoted
from jackfield.execution.openapi.media import concrete, is_form, is_json, is_multipart

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class BodyCode:
    """How the body of an operation is made.

    Attributes:
        statements: They give the variable `body` its value.
        media_type: An expression; `undefined` where there is no body.
        optional: There may be no body.
    """

    statements: tuple[str, ...]
    media_type: str
    optional: bool


@dataclass(frozen=True, kw_only=True)
class _Content:
    """A body of one media type.

    Attributes:
        value: An expression for the body.
        media_type: An expression.
        whole: `value` is an object with the body and its media type, as `{ body, type }`.
    """

    value: str
    media_type: str
    whole: bool = False


def body_code(plan: BodyPlan) -> BodyCode:
    """The body of one operation."""
    statements, media_type = _of_choice(plan) if plan.choice else _of_one(plan)
    return BodyCode(statements=tuple(statements), media_type=media_type, optional=not plan.required)


def _of_one(plan: BodyPlan) -> tuple[list[str], str]:
    content = _content(plan, plan.media_types[0] if plan.media_types else _JSON, _members(plan))
    if content.whole:
        return [f"const {{ body, type }} = {content.value};"], "type"
    statement = f"const body = {content.value};"
    return [statement], _unless_absent(plan, content.media_type)


def _of_choice(plan: BodyPlan) -> tuple[list[str], str]:
    """One of several media types, as a param of the call says."""
    first = plan.media_types[0]
    named = bool(plan.properties)
    members = "members" if named else member(PARAMS, plan.param)
    statements = [f"const members = {_members(plan)};"] if named else []
    statements.append(f"let type = {member(PARAMS, plan.choice)} || {quoted(first)};")
    contents = {name: _content(plan, name, members) for name in plan.media_types}
    usual = contents.pop(first)
    others = {name: content for name, content in contents.items() if content.value != usual.value}
    if others or usual.whole:
        cases = [line for name, content in others.items() for line in _case(f"case {quoted(name)}:", content)]
        statements += ["let body;", "switch (type) {", *cases, *_case("default:", usual)[:-1], "}"]
    else:
        statements[-1] = statements[-1].replace("let ", "const ", 1)
        statements.append(f"const body = {usual.value};")
    texts = not plan.binary and any(essence(name).startswith("text/") for name in plan.media_types)
    return statements, _unless_absent(plan, "textType(type, body)" if texts else "type")


def _case(label: str, content: _Content) -> list[str]:
    value = f"({{ body, type }} = {content.value})" if content.whole else f"body = {content.value}"
    return [f"  {label}", textwrap.indent(f"{value};", "    "), "    break;"]


def _unless_absent(plan: BodyPlan, media_type: str) -> str:
    return media_type if plan.required else f"body === undefined ? undefined : {media_type}"


def _members(plan: BodyPlan) -> str:
    """What the body is made of: a param, or an object with several."""
    if plan.param:
        return member(PARAMS, plan.param)
    return listed("{", [f"{key(wire)}: {member(PARAMS, param)}" for param, wire in plan.properties.items()], "}")


def _content(plan: BodyPlan, media_type: str, members: str) -> _Content:
    if is_multipart(media_type):
        return _multipart(plan, media_type, members)
    if is_form(media_type):
        special = special_members(plan.parts_of(media_type), multipart=False)
        return _Content(value=_made(plan, "formBody", members, special), media_type=quoted(media_type))
    if plan.binary:
        known = quoted(media_type) if is_concrete(media_type) else f"sniffedKind({family_of(media_type)}, body).type"
        return _Content(value=_if_given(plan, members, f"fromBase64({members})"), media_type=known)
    if is_json(media_type):
        return _json(plan, media_type, members)
    if is_lines(media_type):
        return _Content(value=_if_defined(plan, members, f"asLines({members})"), media_type=quoted(media_type))
    written = concrete(media_type, b"", usual=_TEXT)
    silent = essence(written).startswith("text/") and "charset" not in written.lower()
    typed = f"textType({quoted(written)}, body)" if silent else quoted(written)
    return _Content(value=members, media_type=typed)


def _json(plan: BodyPlan, media_type: str, members: str) -> _Content:
    open_type = is_range(media_type) or "/" not in media_type
    if open_type and "json" not in media_type and plan.param:
        # `*/*` is JSON for all that is no text.
        return _Content(value=_if_defined(plan, members, f"asText({members})"), media_type=f"usualType({members})")
    value = f"JSON.stringify({members})" if plan.param or plan.required else f"ifAnyGiven({members}, JSON.stringify)"
    written = quoted(_JSON if open_type else media_type)
    silent = essence(media_type).startswith("text/") and "charset" not in media_type.lower()
    return _Content(value=value, media_type=f"textType({written}, body)" if silent and not open_type else written)


def _multipart(plan: BodyPlan, media_type: str, members: str) -> _Content:
    kind, special = quoted(essence(media_type)), special_members(plan.parts_of(media_type), multipart=True)
    value = _made(plan, "multipartBody", members, special, first=f"{kind}, ", otherwise="{}")
    if not plan.required and not plan.param:
        value += " ?? {}"
    return _Content(value=value, media_type="type", whole=True)


def _made(
    plan: BodyPlan, writer: str, members: str, special: str, *, first: str = "", otherwise: str = "undefined"
) -> str:
    """A call of `writer`, if there is a body."""
    more = f", {special}" if special else ""
    if plan.param:
        return _if_given(plan, members, f"{writer}({first}{members}{more})", otherwise=otherwise)
    if plan.required:
        return f"{writer}({first}{members}{more})"
    plain = not first and not more
    return f"ifAnyGiven({members}, {writer if plain else f'(given) => {writer}({first}given{more})'})"


def _if_given(plan: BodyPlan, members: str, value: str, *, otherwise: str = "undefined") -> str:
    return value if plan.required else f"isGiven({members}) ? {value} : {otherwise}"


def _if_defined(plan: BodyPlan, members: str, value: str) -> str:
    return value if plan.required else f"{members} === undefined ? undefined : {value}"
