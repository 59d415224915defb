"""Values of whoever wrote them, as plain JSON: what cannot be written down and read again is refused at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.operations_reader import Place, dotted

MAX_DEPTH = 200
_LARGEST = 2**63


def plain(value: Any, at: Place = ()) -> Any:
    """A copy of `value` of nothing but objects, lists, texts, numbers, `true`, `false` and `null`.

    YAML has numbers and `yes` as keys, which become texts, and dates, which become texts of the form 2026-11-21.

    Args:
        value: From a program or a parser.
        at: Where it is in its document.

    Raises:
        InvalidDefinition: It holds something that JSON has not, or is nested too deeply. The value is not told: it may
            be a secret in the wrong place.
    """
    if len(at) > MAX_DEPTH:
        raise _refused(at[:3], "is nested too deeply", f"keep to {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, at)
    if isinstance(value, int | float):
        return _number(value, at)
    if isinstance(value, Mapping):
        return _object(value, at)
    if isinstance(value, list | tuple):
        return [plain(inner, (*at, index)) for index, inner in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()
    raise _refused(at, f"is a `{type(value).__name__}`, which JSON does not have", "give plain JSON or YAML")


def _object(value: Mapping[Any, Any], at: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        name = _text(_key(key, at), at)
        if name in found:
            raise _refused((*at, name), "is there twice", "keep one of them")
        found[name] = plain(inner, (*at, name))
    return found


def _key(key: Any, at: Place) -> str:
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return "null" if key is None else str(key).lower()
    if isinstance(key, int | float):
        return str(_number(key, at))
    if isinstance(key, date):
        return key.isoformat()
    raise _refused(at, f"has a key that is a `{type(key).__name__}`", "use texts as keys")


def _text(value: str, at: Place) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused(at, "has half of a character (a lone surrogate)", "give whole Unicode characters") from None
    if "\0" in value:
        raise _refused(at, "has a character U+0000, which databases cannot keep", "leave it out")
    return str(value)


def _number(value: Any, at: Place) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise _refused(at, "is no finite number", "give a finite number, or a text")
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise _refused(at, "is a whole number of more than 64 bits", "give it as a text")
    return value


def _refused(at: Place, what: str, hint: str) -> InvalidDefinition:
    at = tuple(part.encode(errors="replace").decode() if isinstance(part, str) else part for part in at)
    errors = [Fault(pointer=pointer(at), message=what).to_json()]
    return InvalidDefinition(f"`{dotted(at)}` {what}", hint=hint, errors=errors)
