"""Whether an object of a program can be followed to its end: finite, of finite depth, and JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from jackfield.definition.errors import OpenApiInvalid
from jackfield.definition.yaml_values import MAX_DEPTH, MAX_VALUES

_SIMPLE = frozenset({str, bool, type(None)})
_NESTED = (Mapping, list, tuple)
_LARGEST = 2**63


def check_size(value: Any, *, place: str) -> Any:
    """`value` itself where it is plain JSON already, else a plain copy: texts as keys, dates as texts, tuples as lists.

    Parts that are used in many places are counted each time: writing them out may need all the memory there is.

    Raises:
        OpenApiInvalid: It has too many values, contains itself, or is nested too deeply.
    """
    seen, clean, waiting = 0, True, [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MAX_DEPTH:
            reason = f"is nested too deeply, in more than {MAX_DEPTH} levels, or contains itself"
            raise OpenApiInvalid(reason=reason, hint="use references to named schemas", place=place)
        seen += len(one)
        if seen > MAX_VALUES:
            reason = f"has more than {MAX_VALUES} values"
            raise OpenApiInvalid(reason=reason, hint="import the parts of it that you need", place=place)
        for inner in one.values() if isinstance(one, Mapping) else one:
            kind = type(inner)
            if kind in _SIMPLE:
                continue
            if kind is dict or kind is list:
                waiting.append((inner, depth + 1))
            elif isinstance(inner, _NESTED):
                clean = False
                waiting.append((inner, depth + 1))
            else:
                clean = clean and _plain(inner)
    return value if clean and type(value) is dict and _is_json(value) else _copy(value)


def whole_characters(text: str) -> str:
    """`text` with `?` in place of each half of a character (lone surrogate), which no file and no request can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _is_json(value: Any) -> bool:
    """Whether keys are texts, and texts whole."""
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is float:
        return math.isfinite(value)
    return kind in _SIMPLE or (kind is int and -_LARGEST <= value < _LARGEST)


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _copy(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copy(inner) for inner in value]
    if isinstance(value, str):
        return whole_characters(str(value))
    return value if _plain(value) else _rewritten(value)


def _rewritten(value: Any) -> Any:
    if isinstance(value, int):
        return _float(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _float(value: int) -> Any:
    if _plain(value):
        return value
    try:
        return float(value)
    except OverflowError:
        return str(value)


def _key(key: Any) -> str:
    if isinstance(key, bool) or key is None:
        return "null" if key is None else str(key).lower()
    return key.isoformat() if isinstance(key, date) else whole_characters(str(key))
