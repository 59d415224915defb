"""Reading the options of a call: milliseconds in mappings and on the wire, seconds in Python's keywords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from jackfield.definition.names import closest, folded
from jackfield.dispatch.call import CallOptions
from jackfield.dispatch.errors import InvalidOption

MIN_TIMEOUT_S, MAX_TIMEOUT_S = 1.0, 300.0
MAX_RETRIES = 9
_LONG = 60

_WIRE = {
    "timeout": "timeout_s",
    "useMock": "use_mock",
    "scenario": "scenario",
    "headers": "headers",
    "credentialId": "credential_id",
    "retries": "retries",
    "idempotencyKey": "idempotency_key",
    "environment": "environment",
    "version": "version",
    "plan": "plan",
    "debug": "debug",
    "trace": "trace",
}
_BY_FOLD = {folded(name): name for name in _WIRE}


def read_options(mapping: Mapping[str, Any] | None = None, **keywords: Any) -> CallOptions:
    """The options that a mapping (wire names, `timeout` in milliseconds) and keywords (`timeout_s`) give.

    Raises:
        InvalidOption: One is unknown, given twice, of the wrong type or out of bounds.
    """
    given: dict[str, Any] = {}
    for name, value in (mapping or {}).items():
        wire = _BY_FOLD.get(folded(str(name)))
        if wire is None:
            raise _unknown(str(name), list(_WIRE))
        if _WIRE[wire] in given:
            raise InvalidOption(option=wire, problem="is given twice", hint="give it once")
        given[_WIRE[wire]] = _from_wire(wire, value)
    for name, value in keywords.items():
        if name not in _CHECKS:
            raise _unknown(name, list(_CHECKS))
        if value is None:
            continue
        if name in given:
            raise InvalidOption(option=name, problem="is given as a keyword and in the options", hint="give it once")
        given[name] = value
    return CallOptions(**{name: _CHECKS[name](name, value) for name, value in given.items() if value is not None})


def to_wire(options: CallOptions) -> dict[str, Any]:
    """The options as `read_options` takes them in a mapping; those that are as usual are left out."""
    usual = CallOptions()
    given = {wire: getattr(options, name) for wire, name in _WIRE.items()}
    said = {wire: value for wire, value in given.items() if value != getattr(usual, _WIRE[wire])}
    if options.timeout_s is not None:
        said["timeout"] = options.timeout_s * 1000
    return said


def _from_wire(wire: str, value: Any) -> Any:
    if wire != "timeout" or value is None:
        return value
    if not _is_number(value) or not MIN_TIMEOUT_S * 1000 <= value <= MAX_TIMEOUT_S * 1000:
        raise InvalidOption(
            option="timeout", problem=f"is {_shown(value)}", hint="give milliseconds from 1000 to 300000"
        )
    return value / 1000


def _timeout(name: str, value: Any) -> float:
    if not _is_number(value) or not MIN_TIMEOUT_S <= value <= MAX_TIMEOUT_S:
        raise InvalidOption(option=name, problem=f"is {_shown(value)}", hint="give seconds from 1 to 300")
    return float(value)


def _retries(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_RETRIES:
        raise InvalidOption(option=name, problem=f"is {_shown(value)}", hint="give a whole number from 0 to 9")
    return value


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidOption(option=name, problem=f"is {_shown(value)}", hint="give true or false")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidOption(option=name, problem=f"is {_shown(value)}", hint="give text")
    return value


def _headers(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(part, str) for pair in value.items() for part in pair):
        raise InvalidOption(option=name, problem="is no object of texts", hint='give, for example, {"X-Team": "blue"}')
    return dict(value)


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "timeout_s": _timeout,
    "use_mock": _switch,
    "scenario": _text,
    "headers": _headers,
    "credential_id": _text,
    "retries": _retries,
    "idempotency_key": _text,
    "environment": _text,
    "version": _text,
    "plan": _switch,
    "debug": _switch,
    "trace": _switch,
}
assert set(_CHECKS) == {field.name for field in fields(CallOptions)}  # noqa: S101 - a slip of ours, not of a user


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """What was given, unless it is so large that it says nothing, or cannot be written at all."""
    if isinstance(value, int) and abs(value) >= 10**_LONG:
        return "a very large number"
    if value is None or isinstance(value, str | int | float):
        text = str(value)
        return f"`{text if len(text) <= _LONG else text[:_LONG] + '...'}`"
    return "a list" if isinstance(value, list | tuple) else "an object"


def _unknown(name: str, known: list[str]) -> InvalidOption:
    name = name[:_LONG]
    close = closest(name, known)
    hint = f"did you mean `{close}`?" if close else f"known are {', '.join(f'`{k}`' for k in known)}"
    return InvalidOption(option=name, problem="is unknown", hint=hint)
