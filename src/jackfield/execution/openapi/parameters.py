"""Where each param of a command goes in the request, and how it is written there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from jackfield.definition.openapi.plan import ParameterPlan
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.encoding import cookie_part, header_text, query_part, strictly
from jackfield.execution.openapi.media import is_json
from jackfield.execution.openapi.styles import Pair
from jackfield.execution.openapi.texts import plain_text
from jackfield.execution.values import as_text

_Found = TypeVar("_Found")


@dataclass(kw_only=True)
class Written:
    """The parameters of one request, encoded.

    Attributes:
        path: Values by the name in the path's template; one that is absent is not in it.
        query: `name=value`.
        cookies: `name=value`.
    """

    path: dict[str, str] = field(default_factory=dict)
    query: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)


def write_parameters(plans: tuple[ParameterPlan, ...], params: Mapping[str, Any]) -> Written:
    """All parameters that `params` has values for.

    Raises:
        ParamUnplaceable: A value cannot be written where it belongs.
    """
    written = Written()
    for plan in plans:
        value = params.get(plan.param)
        if value is not None:
            _write(plan, value, written)
    return written


def _write(plan: ParameterPlan, value: Any, written: Written) -> None:
    if plan.location == "path":
        written.path[plan.name] = path_text(plan, value)
    elif plan.location == "header":
        if texts := _something(plan, _simple(plan, value)):
            written.headers[plan.name] = header_text(",".join(texts), param=plan.param)
    elif plan.location == "query":
        pairs = _something(plan, _pairs(plan, value))
        written.query.extend(query_part(pair, allow_reserved=plan.allow_reserved) for pair in pairs)
    else:
        written.cookies.extend(cookie_part(pair) for pair in _something(plan, _pairs(plan, value)))


def _something(plan: ParameterPlan, found: list[_Found]) -> list[_Found]:
    """`found`, which may be nothing only where the service can do without it."""
    if plan.required and not found:
        hint = f"give `{plan.param}` at least one item or member that is not null"
        raise ParamUnplaceable(param=plan.param, place=_place(plan), reason="there is nothing in it", hint=hint)
    return found


def path_text(plan: ParameterPlan, value: Any) -> str:
    """`value` in a path, encoded; empty where there is nothing in it."""
    if plan.style == "matrix":
        return _matrix(plan, value)
    if plan.style == "label":
        texts = _simple(plan, value)
        # OpenAPI 3.1.1, section 4.8.12.4: a comma where it is not exploded. Older versions had a point there.
        delimiter = "." if plan.explode else ","
        return "." + delimiter.join(texts) if texts else ""
    return ",".join(_simple(plan, value))


def _simple(plan: ParameterPlan, value: Any) -> list[str]:
    """The parts of styles `simple` and `label`, encoded in a path and as they are in a header."""
    encode = strictly if plan.location == "path" else str
    if plan.style == "content":
        return [encode(content_text(plan, value))]
    if not isinstance(value, Mapping):
        return [encode(text) for text in styles.items(value, param=plan.param, place=_place(plan))]
    members = [(encode(n), encode(t)) for n, t in styles.members(value, param=plan.param, place=_place(plan))]
    return [f"{n}={t}" for n, t in members] if plan.explode else [part for member in members for part in member]


def _matrix(plan: ParameterPlan, value: Any) -> str:
    """Source: RFC 6570, section 3.2.7; an empty text has no `=`."""
    found = _matrix_pairs(plan, value)
    return "".join(f";{name}={text}" if text else f";{name}" for name, text in found)


def _matrix_pairs(plan: ParameterPlan, value: Any) -> list[tuple[str, str]]:
    every = styles.pairs(plan.name, value, style="form", explode=plan.explode, param=plan.param, place=_place(plan))
    return [(strictly(pair.name), ",".join(map(strictly, pair.texts))) for pair in every]


def _pairs(plan: ParameterPlan, value: Any) -> list[Pair]:
    if plan.style == "content":
        name = as_text(plan.name, param=plan.param, place=_place(plan))
        return [Pair(name, (content_text(plan, value),))]
    return styles.pairs(plan.name, value, style=plan.style, explode=plan.explode, param=plan.param, place=_place(plan))


def content_text(plan: ParameterPlan, value: Any) -> str:
    """`value` as the media type of a parameter has it.

    Raises:
        ParamUnplaceable: It is no text, and the media type is not JSON.
    """
    place = _place(plan)
    if not is_json(plan.media_type):
        return plain_text(value, media_type=plan.media_type, param=plan.param, place=place)
    text = styles.json_bytes(value, param=plan.param, place=place).decode()
    return _ascii(text) if plan.location == "header" else text


def _ascii(text: str) -> str:
    """JSON with escapes for the characters that a header cannot have."""
    return text if text.isascii() else json.dumps(json.loads(text), ensure_ascii=True, separators=(",", ":"))


def _place(plan: ParameterPlan) -> str:
    return {"path": "path", "query": "query", "header": "headers", "cookie": "cookies"}[plan.location]
