"""The address of a request as JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from jackfield.definition.openapi.plan import OperationPlan, ParameterPlan, ServerPlan
from jackfield.execution.openapi.addresses import HOLE, divided, query_literal
from jackfield.execution.openapi.export.parameters import query_pairs, value_of
from jackfield.execution.openapi.export.words import quoted
from jackfield.execution.segments import encode_literal

_DOTS = re.compile(r"(?i)(?:^|/)(?:\.|%2e){1,2}(?:/|$)")
_WRITERS = {"label": "pathLabel", "matrix": "pathMatrix"}


def address(plan: OperationPlan, *, base_url: str, credential: str) -> tuple[str, list[str], str]:
    """The address: what stands before the pairs of its query, these, and what stands behind them.

    Args:
        plan: Of the operation.
        base_url: Of the document, as a template.
        credential: Pairs that say who asks; empty where none do.
    """
    plain, query = divided(plan.path)
    by_name = {parameter.name: parameter for parameter in plan.parameters if parameter.location == "path"}
    start = f"{_server(plan.server, base_url)} + {_path(plain, by_name)}"
    fixed = [" + ".join(_pieces(part, by_name, query_literal, _in_query)) for part in query.split("&") if part]
    given = [query_pairs(parameter) for parameter in plan.parameters if parameter.location == "query"]
    if fixed and given:
        given = [f"besideFixed([{', '.join(fixed)}], {', '.join(given)})"]
    elif fixed:
        given = [f"[{', '.join(fixed)}]"]
    pairs = [*given, *([credential] if credential else [])]
    return (f"{start} + queryString(", pairs, ")") if pairs else (start, [], "")


def _server(server: ServerPlan | None, base_url: str) -> str:
    base = "filledBaseUrl()" if HOLE.search(base_url) else "baseUrl()"
    if server is None:
        return base
    if "://" not in server.url:
        return f"serverUrl({quoted(server.url)}, {base})"
    if not HOLE.search(server.url):
        return quoted(server.url.strip().rstrip("/"))
    return f"withoutSlash(fillIn({quoted(server.url.strip())}))"


def _path(plain: str, by_name: Mapping[str, ParameterPlan]) -> str:
    rooted = plain if plain.startswith("/") else f"/{plain}"
    pieces = _pieces(rooted, by_name, encode_literal, _in_path)
    alone = len(pieces) == 1 and not _DOTS.search(pieces[0].strip('"'))
    return pieces[0] if alone else f"safePath({' + '.join(pieces)})"


def _pieces(
    template: str,
    by_name: Mapping[str, ParameterPlan],
    literal: Callable[[str], str],
    hole: Callable[[str, ParameterPlan], str],
) -> list[str]:
    """Expressions for the literal parts of a template and for its holes."""
    pieces: list[str] = []
    for index, part in enumerate(HOLE.split(template)):
        if index % 2:
            plan = by_name.get(part)
            # What the document does not describe, nobody can give.
            pieces.append(hole(part, plan) if plan else f"emptyPart({quoted(part)})")
        elif part:
            pieces.append(quoted(literal(part)))
    return pieces


def _in_path(name: str, plan: ParameterPlan) -> str:
    writer = _WRITERS.get(plan.style, "pathPart")
    explode = ", true" if plan.explode else ", false" if writer != "pathPart" else ""
    return f"{writer}({quoted(name)}, {value_of(plan)}{explode})"


def _in_query(name: str, plan: ParameterPlan) -> str:
    if plan.style in _WRITERS:
        return _in_path(name, plan)
    return f'simpleParts({value_of(plan)}, {"true" if plan.explode else "false"}, encodeText).join(",")'
