"""The parameters of a request as JavaScript."""

from __future__ import annotations

from jackfield.definition.openapi.plan import ParameterPlan, Style
from jackfield.execution.openapi.export.words import member, quoted
from jackfield.execution.openapi.media import is_json

PARAMS = "params"

DELIMITERS = {"spaceDelimited": ("%20", " "), "pipeDelimited": ("%7C", "|")}
"""Between the parts of a pair: in a query, and as it is."""


def value_of(plan: ParameterPlan) -> str:
    """The value of a parameter; as text, where it is written as a media type."""
    given = member(PARAMS, plan.param)
    if plan.style != "content" or not is_json(plan.media_type):
        return given
    return f"{'asciiJson' if plan.location == 'header' else 'asJson'}({given})"


def query_pairs(plan: ParameterPlan) -> str:
    """The pairs of a parameter of the query."""
    return styled_pairs(
        quoted(plan.name),
        value_of(plan),
        style=plan.style,
        explode=plan.explode or plan.style == "content",
        allow_reserved=plan.allow_reserved,
    )


def styled_pairs(name: str, value: str, *, style: Style, explode: bool, allow_reserved: bool) -> str:
    """Encoded pairs of a query or a form: `name` and `value` are expressions."""
    options: list[str] = []
    if not explode and style != "deepObject":
        options.append("explode: false")
        if style in DELIMITERS:
            options.append(f"delimiter: {quoted(DELIMITERS[style][0])}")
    if allow_reserved:
        options.append("encode: keepReserved")
    writer = "deepPairs" if style == "deepObject" else "queryPairs"
    said = f", {{ {', '.join(options)} }}" if options else ""
    return f"{writer}({name}, {value}{said})"


def header_text(plan: ParameterPlan) -> str:
    """The text of a header; `undefined` where nothing is given."""
    return f"headerText({value_of(plan)}{', true' if plan.explode else ''})"


def cookie_pairs(plan: ParameterPlan) -> str:
    """The pairs of a cookie."""
    plain = not plan.explode and plan.style != "content"
    return f"cookiePairs({quoted(plan.name)}, {value_of(plan)}{', false' if plain else ''})"
