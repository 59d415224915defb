"""What the values of templates are, how they are written as text, and how much may be made of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined

from jackfield.definition.secret import MASK, Secret

MOST_OUTPUT = 1_048_576
"""Characters (and eight for each item) that one rendering may yield: 1 MiB."""

MOST_WORK = 4 * MOST_OUTPUT
"""Characters (and eight for each item) that one evaluation may make on its way there."""

MOST_BITS = 10_000
"""Bits of an integer. Python prints a number of that size at once and one of 10**9 bits in hours."""

ITEM = 8


class Forbidden(Exception):
    """An expression asks for something that templates may not do."""


class TooMuch(Exception):
    """An expression would make more than it may."""


class Absent(Exception):
    """A name was read that is not there."""

    def __init__(self, name: str, among: Any) -> None:
        super().__init__(name)
        self.name = name
        self.among = among


class Meter:
    """Counts what is made and stops at a limit, before it is made."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit

    def spend(self, amount: int) -> None:
        """Count `amount` characters.

        Raises:
            TooMuch: The limit is passed.
        """
        self.left -= amount
        if self.left < 0:
            raise TooMuch(f"it would make more than {self.limit} characters")


def settled(value: Any, *, reveal: bool) -> Any:
    """`value` as filters and operators take it: present, and a secret as its text."""
    if isinstance(value, Undefined):
        str(value)  # raises `Absent`
    if isinstance(value, Secret):
        return value.reveal() if reveal else MASK
    return value


def plain(value: Any, meter: Meter, *, reveal: bool) -> Any:
    """`value` as JSON: a copy without tuples, with secrets as text or masked.

    Raises:
        TypeError: It holds something that JSON has no form for.
    """
    kind = type(value)
    if kind is str:
        meter.spend(len(value))
        return value
    meter.spend(ITEM)
    if kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return _finite(value)
    if isinstance(value, list | tuple):
        return [plain(item, meter, reveal=reveal) for item in value]
    if isinstance(value, Mapping):
        return {_key(name): plain(item, meter, reveal=reveal) for name, item in value.items()}
    value = settled(value, reveal=reveal)
    if isinstance(value, str | int | float):  # a revealed secret, or an enum of a caller
        meter.spend(len(value) if isinstance(value, str) else 0)
        return value
    raise TypeError(f"a {kind.__name__} is no JSON value")


def text(value: Any, meter: Meter, *, reveal: bool) -> str:
    """`value` as text: strings as they are, all else as JSON writes it (`true`, `null`, `[1,2]`)."""
    if type(value) is str:
        meter.spend(len(value))
        return value
    written = plain(value, meter, reveal=reveal)
    if isinstance(written, str):
        return str(written)
    # Escapes make JSON longer than its values: each quote, backslash and control character counts anew.
    result = json.dumps(written, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    meter.spend(max(0, len(result) - ITEM))
    return result


def bounded(number: Any) -> Any:
    """`number`, unless it is an integer of more than `MOST_BITS` bits."""
    if isinstance(number, int) and number.bit_length() > MOST_BITS:
        raise TooMuch(f"it would make an integer of more than {MOST_BITS} bits")
    return number


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the keys of an object are text, not {type(name).__name__}")
    return name


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise TypeError("the result is no finite number")
    return number
