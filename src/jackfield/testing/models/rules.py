"""What is common to the rules by which the APIs of models judge a request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
COMBINED = ("oneOf", "anyOf", "allOf", "enum", "not")
"""What may not stand at the top of the schema of a tool's params."""


class Refused(Exception):
    """The request breaks a rule."""


def need(holds: bool, message: str) -> None:
    """Do nothing if a rule holds.

    Raises:
        Refused: It does not; `message` says which.
    """
    if not holds:
        raise Refused(message)


def is_text(value: Any) -> bool:
    """Whether it is text with something in it."""
    return isinstance(value, str) and bool(value)


def objects(value: Any, where: str) -> Sequence[Mapping[str, Any]]:
    """A list of objects.

    Raises:
        Refused: It is none.
    """
    need(isinstance(value, list) and all(isinstance(one, dict) for one in value), f"{where} must be a list of objects")
    found: Sequence[Mapping[str, Any]] = value
    return found


def judge_names(names: Sequence[Any]) -> None:
    """Names of tools are plain and differ.

    Raises:
        Refused: Some are not.
    """
    for name in names:
        need(
            isinstance(name, str) and NAME.fullmatch(name) is not None,
            f"tool name {name!r} does not match {NAME.pattern}",
        )
    need(len(set(names)) == len(names), "tool names must be unique")


def judge_top(schema: Any, where: str) -> Mapping[str, Any]:
    """A schema of params is that of an object, and nothing is combined at its top.

    Raises:
        Refused: It is another.
    """
    need(isinstance(schema, dict) and schema.get("type") == "object", f'{where} must have type "object"')
    for keyword in COMBINED:
        need(keyword not in schema, f"{where} may not have {keyword!r} at the top level")
    found: Mapping[str, Any] = schema
    return found
