"""The two forms in which callers give params: flat, or structured as `{path, query, body, headers}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.model import CommandDefinition
from jackfield.definition.names import folded

PLACES = ("path", "query", "body", "headers")

_SUFFIXES = {"query": "_query", "body": "_body", "headers": "_header"}
"""Of params whose plain name is taken by one in another place: see `definition.openapi.param_names`."""


@dataclass(frozen=True, kw_only=True)
class Data:
    """Flat params, and what structured data said beside their values.

    Attributes:
        places: Where the caller put a param: `path`, `query`, `body` or `headers`.
        headers: For the request.
    """

    params: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def flatten(given: Mapping[str, Any], command: CommandDefinition) -> Data:
    """`given` as flat params.

    It is structured when it has no other keys than `path`, `query`, `body` and `headers`, and the command
    declares none of those it has as params of its own; beside other places, `body` may be the only such one. Where an
    `id` in the path and another in the body are the params `id` and `id_body`, both places may say `id`.

    Raises:
        InvalidParams: Two places give the same name different values, or a place holds no object.
    """
    if not given or not set(given) <= set(PLACES):
        return Data(params=given)
    own = {folded(name) for name in command.properties}
    params = [name for name in given if folded(name) in own]
    only_body = own.isdisjoint({"path", "query", "headers"}) and len(given) > 1
    if params and not only_body:
        return Data(params=given)
    return _merge(given, command, own=params)


def _merge(given: Mapping[str, Any], command: CommandDefinition, *, own: list[str]) -> Data:
    params: dict[str, Any] = {name: given[name] for name in own}
    headers: dict[str, str] = {}
    places: dict[str, str] = {}
    faults: list[Fault] = []
    declared = {folded(name) for name in command.properties}
    for place in PLACES:
        values = given.get(place)
        if values is None or place in own:
            continue
        if not isinstance(values, Mapping):
            faults.append(Fault(pointer=f"/{place}", message="must be an object that maps names to values"))
            continue
        for said, value in values.items():
            name = _in_place(said, place, declared)
            if place == "headers" and folded(str(name)) not in declared:
                if value is not None:
                    headers[str(name)] = str(value)
            elif name in params and params[name] != value:
                faults.append(Fault(pointer=f"/{place}/{name}", message=f"`{name}` has another value in another place"))
            else:
                params[name] = value
                places.setdefault(str(name), place)
    if faults:
        raise InvalidParams(faults=faults, where=f"command `{command.name}`", hint="give params flat, each name once")
    return Data(params=params, places=places, headers=headers)


def _in_place(name: Any, place: str, declared: set[str]) -> Any:
    """The param that `name` is in a place: `id_body` for an `id` in the body, where there are both."""
    suffixed = f"{name}{_SUFFIXES[place]}" if place in _SUFFIXES else ""
    return suffixed if suffixed and folded(str(name)) in declared and folded(suffixed) in declared else name
