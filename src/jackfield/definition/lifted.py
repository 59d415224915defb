"""A document with everything at its top: `configSchema` and `source` are two of the places where it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.names import find, folded
from jackfield.definition.operations_reader import Place

_SCHEMA = {"connectionConfig": "connectionConfig", "fields": "connectionConfig", "commands": "commands"}


def lifted(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Place]]:
    """`document` with what is inside `configSchema` and `source` beside its other keys, and where that was.

    So what `definition.floh.to_json` has written can be given back as it is.

    Raises:
        InvalidDefinition: One of the two is no object, has an unknown key, or says again what is said outside.
    """
    values = dict(document)
    places: dict[str, Place] = {}
    for outer in ("configSchema", "source"):
        spelled = find(outer, values)
        if spelled is None:
            continue
        for name, inside, value in _inside(outer, spelled, values.pop(spelled)):
            if (outside := find(name, values)) is not None and values.pop(outside) is not None:
                raise _wrong((spelled, inside), f"`{name}` is there twice", "keep one of them")
            values[name], places[name] = value, (spelled, inside)
    return values, places


def _inside(outer: str, spelled: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Name, spelling and value of everything in `configSchema` or `source`."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        raise _wrong((spelled,), f"`{spelled}` is `{str(value)[:80]}`, which is no object", "it must be an object")
    known = {folded(name): meant for name, meant in _SCHEMA.items()} if outer == "configSchema" else None
    for key, inner in value.items():
        if known is not None and folded(key) not in known:
            what = f"`{spelled}.{key}`: this key is unknown"
            raise _wrong((spelled, key), what, "known are `connectionConfig`, `commands`")
        yield (key if known is None else known[folded(key)]), key, inner


def _wrong(at: Place, what: str, hint: str) -> InvalidDefinition:
    return InvalidDefinition(what, hint=hint, errors=[Fault(pointer=pointer(at), message=what).to_json()])
