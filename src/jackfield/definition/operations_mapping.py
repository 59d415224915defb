"""Where the params of an operation go: path, query, header, cookie or body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, cast, get_args

from jackfield.definition.names import folded
from jackfield.definition.operations_reader import Faults, Place, Reader, named

Location: TypeAlias = Literal["path", "query", "header", "cookie", "body", "content"]
"""`body` is a member of the JSON (or form) body; `content` is the whole body."""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What headers and cookies may be called. Source: RFC 9110, section 5.6.2."""

REST = "*"
"""The key of a mapping that says where all other params go."""

JOINTS = (",", " ", "|")
"""Between the items of a list that is one value of the query."""

BODILESS = frozenset({"GET", "HEAD"})

Name: TypeAlias = str | list[str]
"""What a service calls a param. A list are the names from the outermost member of the JSON body to the param's own."""

_LOCATIONS: tuple[str, ...] = get_args(Location)
_WHOLE: dict[str, Location] = {"json": "body", "path_and_json": "body", "query": "query", "path_and_query": "query"}
_WANTED = f"one of {named(_WHOLE)}, or an object from param to one of {named(_LOCATIONS)}"
_FOR_REST = ("query", "body")
_IN_QUERY = BODILESS | {"DELETE"}


def read_names(operation: Reader, *, in_path: tuple[str, ...], properties: Mapping[str, Any]) -> dict[str, Name]:
    """What the service calls a param, where that differs from what its callers call it."""
    at, faults = operation.place("names"), operation.faults
    found: dict[str, Name] = {}
    for param, name in operation.mapping("names").items():
        if not _is_name(name):
            wanted = "a text: what the service calls the param; or a list of texts: members of members of the body"
            faults.wrong((*at, param), name, wanted)
        elif param in in_path:
            hint = "leave it out: the service sees its value only"
            faults.add((*at, param), f"`{param}` is part of the path, and is not named to the service", hint=hint)
        elif param not in properties:
            known = next((p for p in properties if folded(p) == folded(param)), None)
            hint = f"did you mean `{known}`?" if known else "declare it in `parameters`"
            faults.add((*at, param), f"`{param}` is no param", hint=hint)
        elif name != param:
            found[param] = name if isinstance(name, str) else list(name)
    return found


def _is_name(name: Any) -> bool:
    steps = name if isinstance(name, list | tuple) and name else [name]
    return all(isinstance(step, str) and step for step in steps)


def read_mapping(
    operation: Reader,
    *,
    method: str,
    in_path: tuple[str, ...],
    properties: Mapping[str, Any],
    names: Mapping[str, Name],
) -> dict[str, Location]:
    """The location of each param of `properties`, and of all others under `*`.

    Strongest first: being in the path, `in` of the param's own schema, an entry of the `mapping` object, the
    `mapping` as a whole, and for an operation that says nothing `path_and_query` (GET, HEAD, DELETE) or
    `path_and_json`.
    """
    given = operation.value("mapping")
    rest, listed = _read_given(operation, given, default="query" if method in _IN_QUERY else "body")
    # GET and HEAD send no body, and nothing may be lost on the way.
    rest = "query" if method in BODILESS and rest == "body" else rest
    declared = _read_declared(operation, properties)
    found: dict[str, Location] = dict.fromkeys(in_path, "path")
    for name in properties:
        if name in found:
            _check_in_path(operation, name, listed, declared)
        else:
            found[name] = declared.get(name) or listed.get(name) or rest
    _check(operation, found, method=method, properties=properties, listed=listed, in_path=in_path, names=names)
    _check_names(operation, found, names)
    return found | {REST: rest}


def read_joined(operation: Reader, mapping: Mapping[str, Location]) -> dict[str, str]:
    """What stands between the items of a list in the query, where its name is not repeated for each."""
    at, faults, found = operation.place("joined"), operation.faults, {}
    for param, joint in operation.mapping("joined").items():
        if joint not in JOINTS:
            faults.wrong((*at, param), joint, f"one of {named(JOINTS)}")
        elif mapping.get(param) != "query" or param == REST:
            what = f"`{param}` is joined, and is no param that goes to the query"
            faults.add((*at, param), what, hint="leave it out, or map it to `query`")
        else:
            found[param] = str(joint)
    return found


def without_places(properties: Mapping[str, Any]) -> dict[str, Any]:
    """`properties` as callers see them: where a param goes is none of their business."""
    return {
        name: {key: value for key, value in schema.items() if key != "in"} if isinstance(schema, Mapping) else schema
        for name, schema in properties.items()
    }


def _read_given(operation: Reader, given: Any, *, default: Location) -> tuple[Location, dict[str, Location]]:
    at = operation.place("mapping")
    if given is None:
        return default, {}
    if isinstance(given, str) and given in _WHOLE:
        return _WHOLE[given], {}
    if not isinstance(given, Mapping):
        operation.faults.wrong(at, given, _WANTED)
        return default, {}
    listed = {str(name): _location(place, (*at, str(name)), operation.faults) for name, place in given.items()}
    rest = listed.pop(REST, None) or default
    if rest not in _FOR_REST:
        # A caller chooses the names of such params, and must not choose headers with them.
        operation.faults.wrong((*at, REST), rest, named(_FOR_REST))
    return rest, {name: place for name, place in listed.items() if place}


def _read_declared(operation: Reader, properties: Mapping[str, Any]) -> dict[str, Location]:
    found = {}
    for name, schema in properties.items():
        if isinstance(schema, Mapping) and "in" in schema:
            at = (*operation.place("parameters"), "properties", name, "in")
            if place := _location(schema["in"], at, operation.faults):
                found[name] = place
    return found


def _location(said: Any, at: Place, faults: Faults) -> Location | None:
    # `json` is what mappings as a whole call the body.
    place = "body" if said == "json" else said
    if place in _LOCATIONS:
        return cast(Location, place)
    faults.wrong(at, said, f"one of {named(_LOCATIONS)}")
    return None


def _check_in_path(
    operation: Reader, name: str, listed: Mapping[str, Location], declared: Mapping[str, Location]
) -> None:
    said = declared.get(name) or listed.get(name) or "path"
    if said != "path":
        what = f"`{name}` is part of the path, so it cannot go to the {said}"
        operation.faults.add(operation.place("mapping"), what, hint=f"rename the param, or say `{name}: path`")


def _check(
    operation: Reader,
    found: Mapping[str, Location],
    *,
    method: str,
    properties: Mapping[str, Any],
    listed: Mapping[str, Location],
    in_path: tuple[str, ...],
    names: Mapping[str, Name],
) -> None:
    at, faults = operation.place("mapping"), operation.faults
    for name in [name for name in listed if name not in found]:
        known = next((p for p in properties if folded(p) == folded(name)), None)
        hint = f"did you mean `{known}`?" if known else "declare it in `parameters`"
        faults.add((*at, name), f"`{name}` is mapped, and is no param", hint=hint)
    for name, place in found.items():
        if place == "path" and name not in in_path:
            faults.add(at, f"`{name}` goes to the path, which has no `{{{name}}}`", hint="write it into `path`")
        if place != "body" and isinstance(names.get(name), list):
            what = f"`{name}` is called by a list of names, and goes to the {place}"
            faults.add((*operation.place("names"), name), what, hint="give it one name, or the place `body`")
        elif place in {"header", "cookie"} and not TOKEN.fullmatch(sent := str(names.get(name, name))):
            faults.add(at, f"`{sent}` goes to the {place}s, and is no name for one", hint="use letters, digits and `-`")
        if place in {"body", "content"} and method in BODILESS:
            faults.add(at, f"`{name}` goes to the body, and {method} sends none", hint="use `query`")
    whole = [name for name, place in found.items() if place == "content"]
    if whole and (len(whole) > 1 or "body" in found.values()):
        hint = "give it the location `body`, or all other params another place than the body"
        faults.add(at, f"`{whole[0]}` is the whole body, and other params go to the body too", hint=hint)


def _check_names(operation: Reader, found: Mapping[str, Location], names: Mapping[str, Name]) -> None:
    """Two params that the service would see under one name, or one inside the other: one of them would be lost."""
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for param, place in found.items() if names else ():
        if place == "path":
            continue
        name = names.get(param, param)
        steps = (name,) if isinstance(name, str) else tuple(name)
        key = (place, tuple(step.lower() for step in steps) if place == "header" else steps)
        first = seen.setdefault(key, param)
        if first != param:
            what = f"`{first}` and `{param}` are both `{'.'.join(steps)}` to the service"
            _lost(operation, param if param in names else first, what)
    for (at, steps), param in seen.items():
        outer = next((seen[(at, steps[:end])] for end in range(1, len(steps)) if (at, steps[:end]) in seen), None)
        if outer is not None:
            _lost(operation, param, f"`{param}` is a member of what `{outer}` is to the service")


def _lost(operation: Reader, param: str, what: str) -> None:
    operation.faults.add((*operation.place("names"), param), what, hint="give one of them another name")
