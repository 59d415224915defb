"""Values of a credential that may decide where requests go, and not only who sends them.

A connector for which an administrator stands may use secrets of others. Whoever could lay an address of their own over
its connection, by a credential, would collect those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jackfield.definition.auth import parts_of, spec_of
from jackfield.definition.model import ConnectionField
from jackfield.definition.names import find

_PLACES = frozenset({"region", "service"})
"""Parts of an `auth` that stand in addresses, too."""

_HOLE = re.compile(r"\{\{?\s*([A-Za-z_][A-Za-z0-9_-]*)")


def steering(fields: Iterable[ConnectionField], auth: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """Those connection fields among `names` that may decide where requests go.

    A secret decides nothing, unless it is an address; nor does what the type signs its requests with, unless it stands
    in an address as well: the name of an account is often the first part of a host.

    Args:
        fields: Of the type.
        auth: Of the type, in its canonical form.
        names: Of the values of a credential.
    """
    known = {f.name: f for f in fields}
    signing = _signing(auth) - {find(name, known) for name in _in_addresses(known.values(), auth)}
    found = [name for given in names if (name := find(given, known)) is not None]
    return tuple(name for name in found if name not in signing and not _is_harmless(known[name]))


def _is_harmless(field: ConnectionField) -> bool:
    return field.secret and "uri" not in str(field.schema.get("format", ""))


def _in_addresses(fields: Iterable[ConnectionField], auth: Mapping[str, Any]) -> Iterator[str]:
    """Names that stand in braces in the addresses of a type."""
    for text in (*_texts(auth), *(field.default for field in fields)):
        if isinstance(text, str):
            yield from _HOLE.findall(text)


def _texts(value: Any) -> Iterator[Any]:
    """All that stands in an `auth`, however deep."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    else:
        yield value


def _signing(auth: Mapping[str, Any]) -> frozenset[str]:
    """The connection fields that `auth` signs with."""
    if not auth:
        return frozenset()
    said = parts_of(spec_of(auth["type"]), auth)
    return frozenset(
        described["field"]
        for part, described in said.items()
        if part not in _PLACES and isinstance(described, Mapping) and "field" in described
    )
