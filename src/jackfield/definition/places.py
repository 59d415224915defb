"""Values of a JSON document by their places, written as JSON Pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from jackfield.definition.faults import pointer

Place: TypeAlias = tuple[str | int, ...]
"""Names of objects and indexes of lists, from the root."""


def parts(text: str) -> tuple[str, ...]:
    """The parts of a JSON Pointer; an index of a list stays a text. Source: RFC 6901, section 4."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def leaves(document: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value that is neither an object nor a list, with its place."""
    if isinstance(document, Mapping):
        for name, inner in document.items():
            yield from leaves(inner, (*at, name))
    elif isinstance(document, list | tuple):
        for index, inner in enumerate(document):
            yield from leaves(inner, (*at, index))
    else:
        yield at, document


def look(document: Any, place: Place) -> Any:
    """The value at `place`; `...` where there is none."""
    for part in place:
        if isinstance(document, Mapping):
            document = document.get(part, ...)
        elif isinstance(document, list | tuple) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            return ...
    return document


def put(document: Any, values: Mapping[str, Any]) -> Any:
    """A copy of `document` with the values at the pointers of `values` replaced.

    A name that its object lacks is added to it; where there is no such object or item, nothing is.
    """
    return _put(document, (), values) if values else document


def _put(value: Any, at: Place, values: Mapping[str, Any]) -> Any:
    here = pointer(at)
    if here in values:
        return values[here]
    if not any(place.startswith(f"{here}/") for place in values):
        return value
    if isinstance(value, Mapping):
        new = {name: ... for place in values if (name := _child(here, place)) is not None and name not in value}
        every = {**value, **new}
        changed = {name: _put(inner, (*at, name), values) for name, inner in every.items()}
        return {name: inner for name, inner in changed.items() if inner is not ...}
    if isinstance(value, list | tuple):
        return [_put(inner, (*at, index), values) for index, inner in enumerate(value)]
    return value


def _child(here: str, place: str) -> str | None:
    """The name that `place` has directly under `here`."""
    inside = place.removeprefix(here)
    return parts(inside)[0] if place.startswith(f"{here}/") and inside.count("/") == 1 else None
