"""Secret fields that name a secret instead of holding one: `{"secret": "ACME_KEY"}`.

A reference is no secret: it is stored and shown as it is. The secret that it names is found when a call needs it, for
the caller of that call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jackfield.definition.faults import pointer
from jackfield.definition.model import Schema
from jackfield.definition.places import put
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import secret_places


def is_reference(value: Any) -> bool:
    """Whether `value` is `{"secret": NAME}`, and nothing else."""
    return isinstance(value, Mapping) and value.keys() == {"secret"} and isinstance(value["secret"], str)


def references_in(config: Mapping[str, Any], schema: Schema) -> dict[str, str]:
    """The names of the secrets that `config` refers to, by the JSON Pointers of the references."""
    found = secret_places(config, schema)
    return {pointer(place): value["secret"] for place, value in found.items() if is_reference(value)}


def without_references(config: Mapping[str, Any], references: Iterable[str], *, stand_in: str) -> dict[str, Any]:
    """`config` with `stand_in` at each of the JSON Pointers, so that it can be checked against its schema."""
    return dict(put(config, dict.fromkeys(references, stand_in)))


def with_values(config: Mapping[str, Any], values: Mapping[str, Secret]) -> dict[str, Any]:
    """`config` with a secret in place of each reference, by JSON Pointer."""
    return dict(put(config, values))


def hide_but_references(config: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """`config` with a mask in place of all that `schema` marks as secret, except references."""
    found = secret_places(config, schema)
    hidden = {pointer(place): MASK for place, secret in found.items() if not is_reference(secret)}
    return dict(put(config, hidden))
