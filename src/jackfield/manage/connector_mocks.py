"""Stored mock data of a connector, checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import BadOutcome, InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import find
from jackfield.definition.outcome import normalise
from jackfield.definition.sources import MAX_SCRIPT_BYTES
from jackfield.errors import JackfieldError
from jackfield.registry.checking import Check

_WANTED: dict[str, tuple[type, str]] = {
    "enabled": (bool, "must be true or false"),
    "scenario": (str, "must be the name of a scenario"),
    "data": (Mapping, "must be an object of commands"),
    "script": (str, "must be JavaScript, with a function for each command that it answers for"),
}


def read_mocks(given: Mapping[str, Any], definition: ConnectorDefinition) -> dict[str, Any]:
    """`given` with the commands named as the type names them.

    Shape: `{"enabled": bool, "scenario": name, "data": {command: {scenario: outcome}}, "script": source}`, each
    optional. An outcome is `{"success": true, "payload": ...}`, or any other form that a command may answer.

    Raises:
        InvalidParams: It is something else, names no command, or an outcome is none. All faults are told.
    """
    faults = [Fault(pointer=pointer([key]), message=_unknown(key)) for key in given if key not in _WANTED]
    faults += [
        Fault(pointer=pointer([key]), message=wanted)
        for key, (kind, wanted) in _WANTED.items()
        if given.get(key) is not None and not isinstance(given[key], kind)
    ]
    if isinstance(script := given.get("script"), str) and len(script.encode(errors="replace")) > MAX_SCRIPT_BYTES:
        faults.append(Fault(pointer="/script", message=f"is too large: keep to {MAX_SCRIPT_BYTES} bytes"))
    data = {} if faults else _read_data(given.get("data") or {}, definition, faults)
    if faults:
        hint = 'give, for example, {"enabled": true, "data": {"list": {"default": {"success": true, "payload": []}}}}'
        raise InvalidParams(faults=faults, where="`mocks` of the connector", hint=hint)
    kept = {key: given[key] for key in ("enabled", "scenario", "script") if given.get(key) is not None}
    return kept | ({"data": data} if data else {})


async def check_mock_script(mocks: Any, check: Check) -> None:
    """Have the script among `mocks` looked at, if there is one, before it is kept.

    Args:
        mocks: As given; what is wrong with the rest is for `read_mocks` to tell.
        check: Refuses scripts that cannot be loaded.

    Raises:
        JackfieldError: It cannot be loaded; its faults are told by their place in the body.
    """
    script = mocks.get("script") if isinstance(mocks, Mapping) else None
    if not isinstance(script, str) or not 0 < len(script) <= MAX_SCRIPT_BYTES:
        return
    try:
        await check(ConnectorDefinition(name="mocks", execution_model="script", source={"scriptSource": script}))
    except JackfieldError as error:
        for fault in error.details.get("errors") or ():
            fault["pointer"] = "/mocks/script"
        raise


def _read_data(
    data: Mapping[str, Any], definition: ConnectorDefinition, faults: list[Fault]
) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = {}
    for command, scenarios in data.items():
        at = ("data", command)
        name = find(str(command), definition.commands)
        if name is None:
            known = ", ".join(f"`{known}`" for known in definition.commands) or "none"
            faults.append(Fault(pointer=pointer(at), message=f"is no command; there are {known}"))
        elif not isinstance(scenarios, Mapping):
            faults.append(Fault(pointer=pointer(at), message="must be an object of scenarios"))
        else:
            read.setdefault(name, {}).update(scenarios)
            faults += [fault for each in scenarios.items() if (fault := _fault(*each, at=at))]
    return read


def _fault(scenario: str, outcome: Any, *, at: tuple[str, ...]) -> Fault | None:
    place = pointer((*at, scenario))
    if not isinstance(outcome, Mapping):
        return Fault(pointer=place, message='must be an outcome, such as {"success": true, "payload": ...}')
    try:
        normalise(outcome)
    except BadOutcome as error:
        return Fault(pointer=place, message=f"{error.message}; {error.hint}")
    return None


def _unknown(key: str) -> str:
    return f"unknown `{key}`; known are {', '.join(f'`{known}`' for known in _WANTED)}"
