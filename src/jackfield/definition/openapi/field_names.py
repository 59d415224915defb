"""Names of connection fields: distinct whatever the case style, and such that a template can have them in holes."""

from __future__ import annotations

import re

from jackfield.definition.names import folded

_ORDINARY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class FieldNames:
    """Gives each connection field of one document its name."""

    def __init__(self) -> None:
        """Start with no names taken."""
        self._taken: set[str] = set()

    def take(self, wanted: str, *, more: str = "") -> str:
        """`wanted` where it is free and a name, else one near it, with `more` behind it."""
        name = _legal(wanted)
        if folded(name) in self._taken and more:
            name = f"{name}_{_legal(more)}"
        candidate, count = name, 1
        while folded(candidate) in self._taken:
            count += 1
            candidate = f"{name}_{count}"
        self._taken.add(folded(candidate))
        return candidate


def _legal(wanted: str) -> str:
    if _ORDINARY.fullmatch(wanted):
        return wanted[:60]
    name = re.sub(r"[^A-Za-z0-9]+", "_", wanted).strip("_")[:60]
    return name if name[:1].isalpha() else f"field_{name}".rstrip("_")
