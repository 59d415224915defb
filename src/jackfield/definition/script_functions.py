"""The functions that stand at the top of a script, found by reading it: nothing of it is run.

What commands a script has must be known wherever its definition is read, also where there is no sandbox. That a
function is really there is checked in the sandbox when the script is saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from jackfield.definition.model import CommandDefinition

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)
    | (?P<number>\d[\w.]*)
    | (?P<word>[\w$]+)
    | (?P<mark>=>|\+\+|--|.)
    """,
    re.DOTALL | re.VERBOSE,
)
# What has no end goes on to that of its line, so that nothing is read twice.
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\]?)+/?[a-z]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)

_ANY = {"type": "object", "properties": {}, "additionalProperties": True}

_VARIABLES = frozenset({"const", "let", "var"})
_LONGEST = 8
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_BEFORE_DIVISION = frozenset("_$)]}\"'`/")
_BEFORE_REGEX = frozenset(
    {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "do", "else", "await", "yield"}
)
"""Words after which a `/` begins a regular expression; after any other word it divides."""


def commands_of(source: Mapping[str, Any]) -> dict[str, CommandDefinition]:
    """The commands of a script whose definition declares none: its functions, which take any params.

    Args:
        source: Of the definition.
    """
    names = functions_of(source.get("scriptSource") or "")
    return {name: CommandDefinition(name=name, params=_ANY) for name in names}


def functions_of(source: str) -> tuple[str, ...]:
    """Names of the functions that stand at the top of a script, in their order, however they are written.

    Those whose names begin with `_` or `$` are the script's own business.
    """
    found: dict[str, None] = {}
    with suppress(RecursionError):  # templates inside templates, deeper than anything that runs them follows
        for name in _declared(source):
            found[name] = None
    return tuple(found)


def _declared(source: str) -> Iterator[str]:
    """The names in `function name`, and in `const name = function`, `= () =>` and the like."""
    depth, before, last = 0, "", ""
    statement: list[str] = []
    for token in _tokens(source):
        if token in _CLOSING:
            depth = max(depth - 1, 0)
        if depth == 0:
            if last == "function" and _begins_statement(before) and _NAME.fullmatch(token):
                yield token
            elif token in {"function", "=>"} and (name := _assigned(statement, token)):
                yield name
            statement = _with_token(statement, token)
        if token in _OPENING:
            depth += 1
        if token == "*" and last == "function":  # noqa: S105 - a generator, not a secret
            continue
        before, last = (before if last == "async" else last), token


def _with_token(statement: list[str], token: str) -> list[str]:
    """The tokens of a declaration of variables so far, of all its names the newest; nothing of other statements."""
    if token in _VARIABLES:
        return [token]
    if token == "," and statement:  # noqa: S105 - a comma
        return statement[:1]
    return [] if token == ";" else [*statement, token] if 0 < len(statement) <= _LONGEST else statement  # noqa: S105


def _assigned(statement: list[str], token: str) -> str:
    """The name of a variable that is a function, by what stands before its `function` or `=>`; else empty."""
    if len(statement) < 3 or statement[2] != "=" or not _NAME.fullmatch(statement[1]):
        return ""
    rest = statement[4:] if statement[3:4] == ["async"] else statement[3:]
    params = rest == ["(", ")"] or (len(rest) == 1 and _NAME.fullmatch(rest[0]))
    return statement[1] if (params if token == "=>" else not rest) else ""  # noqa: S105 - an arrow


def _begins_statement(before: str) -> bool:
    """Whether what stands before `function`, and before its `async`, lets it be a declaration."""
    word = before[:1].isalnum() or before[:1] in {"$", "_"}
    return before not in _BEFORE_REGEX if word else before in {"", ";", "}", ")", "]", '"', "`"}


def _tokens(source: str) -> Iterator[str]:
    """What the source consists of, without comments; the inside of template texts is no part of it."""
    at, last = 0, ""
    while at < len(source):
        if source[at] == "`":
            at, last = _after_template(source, at + 1), "`"
            yield last
            continue
        regex = _REGEX.match(source, at) if source[at] == "/" and _divides_not(last) else None
        if regex is not None and source[at + 1] not in "/*":
            at, last = regex.end(), "/"
            yield '"'
            continue
        token = _TOKEN.match(source, at)
        assert token is not None  # noqa: S101 - any character is a mark
        at = token.end()
        if token.lastgroup != "skip":
            last = token.group()
            yield last if token.lastgroup != "text" else '"'


def _divides_not(last: str) -> bool:
    """Whether a `/` after this token begins a regular expression."""
    divides = last[-1:].isalnum() or last in {"++", "--"} or last[-1:] in _BEFORE_DIVISION
    return last in _BEFORE_REGEX or not divides


def _after_template(source: str, at: int) -> int:
    """Where a template text ends whose inside begins at `at`, whatever stands in its `${...}`."""
    while at < len(source):
        text = _TEMPLATE.match(source, at)
        at = text.end() if text else at
        if at >= len(source) or source[at] == "`":
            return at + 1
        at = _after_hole(source, at + 2)
    return at


def _after_hole(source: str, at: int) -> int:
    depth = 1
    while at < len(source) and depth:
        if source[at] == "`":
            at = _after_template(source, at + 1)
            continue
        token = _TOKEN.match(source, at)
        assert token is not None  # noqa: S101 - any character is a mark
        at = token.end()
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
    return at
