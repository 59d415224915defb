"""Schemas that say of a value only what they say of it: such a turn never ends, so it is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_SAME = ("allOf", "anyOf", "oneOf")
_SAME_ONE = ("not", "if", "then", "else")
_SAME_MAP = ("dependentSchemas",)


def without_turns(defs: dict[str, Any], same: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """`defs`, where no definition leads back to itself for one and the same value.

    Recursion through properties and items ends with the value, and stays.

    Args:
        defs: The definitions by name. Those to be cut are copied.
        same: What each refers to for the same value that it describes.
    """
    cuts: dict[str, set[str]] = {}
    state: dict[str, bool] = {}  # True while it is being looked at
    for root in defs:
        stack = [(root, iter(same.get(root, ())))] if root not in state else []
        state.setdefault(root, True)
        while stack:
            name, others = stack[-1]
            other = next(others, None)
            if other is None:
                state[name] = False
                stack.pop()
            elif state.get(other):
                cuts.setdefault(name, set()).add(other)
            elif other not in state:
                state[other] = True
                stack.append((other, iter(same.get(other, ()))))
    return {**defs, **{name: _cut(defs[name], {f"#/$defs/{one}" for one in cut}) for name, cut in cuts.items()}}


def _cut(schema: Any, references: set[str]) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    new = dict(schema)
    if new.get("$ref") in references:
        del new["$ref"]
    for key in _SAME:
        if key in new:
            new[key] = [_cut(one, references) for one in new[key]]
    for key in _SAME_ONE:
        if key in new:
            new[key] = _cut(new[key], references)
    for key in _SAME_MAP:
        if key in new:
            new[key] = {name: _cut(one, references) for name, one in new[key].items()}
    return new
