"""The tests that templates may use after `is`, and by name in `select` and `selectattr`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Undefined
from jinja2 import tests as jinja_tests

JINJA_TESTS: dict[str, Callable[..., Any]] = dict(jinja_tests.TESTS)  # type: ignore[arg-type]

_KEPT = (
    *("boolean", "false", "true", "none", "integer", "float", "number", "string", "mapping", "sequence", "in"),
    *("eq", "equalto", "==", "ne", "!=", "lt", "lessthan", "<", "le", "<="),
    *("gt", "greaterthan", ">", "ge", ">=", "lower", "upper"),
)


def _whole(test: Callable[..., Any]) -> Callable[..., bool]:
    """Jinja computes `value % 2` of anything, and `%` formats text: `'%999999999d' is odd` takes 1 GB."""

    def check(value: Any, *args: Any) -> bool:
        if not all(isinstance(number, int) for number in (value, *args)):
            raise TypeError(f"a {type(value).__name__} is no integer")
        return bool(test(value, *args))

    return check


def _strict(test: Callable[..., Any]) -> Callable[..., bool]:
    """Jinja answers that a missing value is no string, no number, and so on."""

    def check(value: Any, *args: Any) -> bool:
        for given in (value, *args):
            if isinstance(given, Undefined):
                str(given)  # raises `Absent`
        return bool(test(value, *args))

    return check


TESTS: dict[str, Callable[..., bool]] = {name: _strict(JINJA_TESTS[name]) for name in _KEPT}
TESTS |= {
    "odd": _strict(_whole(JINJA_TESTS["odd"])),
    "even": _strict(_whole(JINJA_TESTS["even"])),
    "divisibleby": _strict(_whole(JINJA_TESTS["divisibleby"])),
    "defined": lambda value: not isinstance(value, Undefined),
    "undefined": lambda value: isinstance(value, Undefined),
}
