"""What callers and connectors gave, as JSON for the record: a call is recorded whatever it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

MAX_DEPTH = 100
"""Of a value that has no JSON form as it is; `orjson` refuses 255."""

DEEPER = "(nested deeper than is kept)"

ROOM = 8
"""Levels that stand around params and outcomes where they are shown: a record of them, a list of records."""


def kept_json(value: Any) -> bytes:
    """`value` as JSON; what has no JSON form in it as text, and equal values alike."""
    try:
        return roomy_json(value, default=str, option=orjson.OPT_SORT_KEYS)
    except (TypeError, RecursionError):  # also a text with half a character, or a number beyond 64 bits
        return orjson.dumps(sound(value), option=orjson.OPT_SORT_KEYS)


def roomy_json(value: Any, *, default: Callable[[Any], Any] | None = None, option: int | None = None) -> bytes:
    """`value` as JSON that can also be shown inside other JSON, which `orjson` allows 254 levels in all.

    Raises:
        TypeError: It has no JSON form, or is nested too deep.
    """
    return orjson.dumps([[[[[[[[value]]]]]]]], default, option)[ROOM:-ROOM]


def sound(value: Any, depth: int = 0) -> Any:
    """`value` in a form that JSON has for certain: nearest to what it is, else as text."""
    if isinstance(value, Mapping | list | tuple):
        return DEEPER if depth >= MAX_DEPTH else _sound_inside(value, depth + 1)
    if value is None or isinstance(value, float) or (isinstance(value, int) and -(2**63) <= value < 2**64):
        return value
    return sound_text(_text(value))


def sound_text(text: str) -> str:
    """`text` with the halves of characters spelled out, which UTF-8 has no form for."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _sound_inside(value: Mapping[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Any:
    if isinstance(value, Mapping):
        return {sound_text(_text(key)): sound(inner, depth) for key, inner in value.items()}
    return [sound(inner, depth) for inner in value]


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # whatever somebody's own class raises
        return type(value).__name__
