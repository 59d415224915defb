"""A text that matches a regular expression, drawn with a given random generator."""

from __future__ import annotations

import re
import string
from random import Random
from typing import Any

_PARSER: Any = re._parser  # type: ignore[attr-defined]
_LETTERS = string.ascii_letters + string.digits
_CLASSES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": _LETTERS + "_",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": _LETTERS,
    "CATEGORY_NOT_DIGIT": string.ascii_letters,
    "CATEGORY_NOT_WORD": "-",
}


def matching(pattern: str, random: Random, *, least: int = 0, most: int = 60) -> str | None:
    """A text of `least` to `most` characters in which `pattern` is found; `None` where none was met in a few tries."""
    try:
        parsed = _PARSER.parse(pattern)
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
    for extra in (1, 1, 0, 3, 8, 8, 20, 40, 60, 60):
        text = "".join(_one(*each, random, extra) for each in parsed)
        if not pattern.startswith("^") and len(text) < least:
            text = text.ljust(least, "a")
        if least <= len(text) <= most and compiled.search(text):
            return text
    return None


def _one(operator: Any, argument: Any, random: Random, extra: int) -> str:
    name = str(operator)
    if name == "LITERAL":
        return chr(argument)
    if name in ("ANY", "NOT_LITERAL"):
        return random.choice([letter for letter in _LETTERS if argument is None or ord(letter) != argument])
    if name == "IN":
        return random.choice(_members(argument))
    return "".join(_one(*each, random, extra) for each in _inner(name, argument, random, extra))


def _inner(name: str, argument: Any, random: Random, extra: int) -> list[Any]:
    """What a group stands for, as often as it is repeated; nothing for anchors and what looks around."""
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        return [*inner] * random.randint(least, min(int(most), least + extra))
    if name == "SUBPATTERN":
        return [*argument[-1]]
    return [*random.choice(argument[1])] if name == "BRANCH" else []


def _members(items: list[tuple[Any, Any]]) -> str:
    """Characters of a class, those that mean nothing anywhere first."""
    negated = str(items[0][0]) == "NEGATE"
    found = "".join(_member(str(operator), argument) for operator, argument in items)
    if negated:
        return "".join(letter for letter in _LETTERS if letter not in found) or "~"
    return "".join(letter for letter in found if letter in _LETTERS) or found or "a"


def _member(name: str, argument: Any) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name == "RANGE":
        return "".join(map(chr, range(argument[0], min(argument[1], argument[0] + 200) + 1)))
    return _CLASSES.get(str(argument), _LETTERS) if name == "CATEGORY" else ""
