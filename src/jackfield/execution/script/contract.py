"""What a script's function meant by what it returned or threw: protocol 2.0, and 1.x where the connector says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import orjson

from jackfield.definition.errors import SLOTS, BadOutcome
from jackfield.definition.outcome import DEFAULT_FAILURE, Outcome, normalise
from jackfield.errors import JackfieldError
from jackfield.execution.errors import LegacyProtocol
from jackfield.execution.script.sandbox import Thrown, Usage

Protocol: TypeAlias = Literal["2.0", "1.x"]

LEGACY = ("data", "outputVariables")

_TELLING = frozenset(SLOTS) - {"code", "metadata"}
"""Keys that make an outcome of an object. Those that are left out are common in what services answer."""


def read_returned(value: bytes | None, *, protocol: Protocol) -> Outcome[Any]:
    """The outcome that a function meant by what it returned.

    An outcome is kept as it is. A list, or an object that has none of its keys, is the payload of a success. Anything
    else, nothing among them, is a success without payload, as with commands in Python.

    Args:
        value: JSON; `None` for nothing.
        protocol: Of the connector.

    Raises:
        LegacyProtocol: It has the keys of 1.x, and the connector does not say that it does.
        BadOutcome: It is an outcome with keys that are none of its parts, or with parts of the wrong kind.
    """
    found = None if value is None else _json(value)
    if isinstance(found, list):
        return Outcome(success=True, payload=found)
    if not isinstance(found, Mapping):
        return Outcome(success=True)
    if legacy := [key for key in LEGACY if key in found]:
        if protocol == "2.0":
            raise LegacyProtocol(keys=legacy)
        found = _modern(found)
    if not any(slot in found for slot in _TELLING):
        return Outcome(success=True, payload=found)
    return normalise(found)


def read_thrown(thrown: Thrown, *, cause: JackfieldError | None) -> Outcome[Any]:
    """The failure that an exception means.

    Args:
        thrown: What the script let pass.
        cause: The error of Jackfield's own that it is, if it is one: what it tells is told.
    """
    told: dict[str, Any] = {} if cause is None else dict(cause.details) | ({"hint": cause.hint} if cause.hint else {})
    return Outcome(
        success=False,
        error=thrown.message or thrown.name,
        code=thrown.code or DEFAULT_FAILURE,
        diagnostics=told | position(thrown),
    )


def position(thrown: Thrown) -> dict[str, Any]:
    """Where in the script an exception comes from, as far as that is known."""
    at = {"line": thrown.line, "column": thrown.column, "stack": thrown.stack}
    return {"exception": thrown.name, **{name: value for name, value in at.items() if value}}


def usage_json(usage: Usage) -> dict[str, Any]:
    """What an execution used, for its metadata."""
    left_out = {"logsLeftOut": usage.logs_left_out} if usage.logs_left_out else {}
    return {
        "cpuMs": round(usage.cpu_s * 1000, 3),
        "wallMs": round(usage.wall_s * 1000, 3),
        "memoryBytes": usage.memory_bytes,
        "hostCalls": usage.host_calls,
        **left_out,
    }


def _modern(legacy: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome of protocol 1.x by the keys of 2.0; what is said in both ways is refused as it stands.

    `data` of a failure goes where 2.0 has what led to it.
    """
    kept = {key: value for key, value in legacy.items() if key not in LEGACY}
    variables, data = legacy.get("outputVariables"), legacy.get("data")
    failed = not legacy.get("success", legacy.get("error") is None)
    slot = "diagnostics" if failed else "payload"
    if doubled := [key for key, new in (("data", slot), ("outputVariables", "variables")) if {key, new} <= set(legacy)]:
        raise BadOutcome(keys=doubled, hint="say it once, by the names of 2.0")
    if "data" in legacy:
        kept[slot] = data if not failed or isinstance(data, Mapping) else ({} if data is None else {"data": data})
    return kept | ({"variables": variables} if variables is not None else {})


def _json(value: bytes) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:  # half a character, or a number beyond 64 bits
        pass
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise BadOutcome(keys=["payload"], hint=f"return plain JSON: {error}") from None
