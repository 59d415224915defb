"""Names of params: those of the document where they can be, and distinct whatever the case style."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from jackfield.definition.names import folded

LONGEST = 64
"""Characters. Language models take no longer ones, and none but letters, digits, `_` and `-`."""

_ORDINARY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_OTHERS = re.compile(r"[^A-Za-z0-9_-]+")


class ParamNames:
    """Gives each param of one command its name. Those that matter most ask first."""

    def __init__(self) -> None:
        """Start with no names taken."""
        self._taken: set[str] = set()

    def take(self, wire: str, suffix: str) -> str:
        """A name for what is called `wire` in requests, with `suffix` (`query`) where that is taken: `id_query`."""
        name = param_name(wire)
        candidate, count = name, 1
        while folded(candidate) in self._taken:
            ending = f"_{suffix}" if count == 1 else f"_{suffix}_{count}"
            candidate = name[: LONGEST - len(ending)] + ending
            count += 1
        self._taken.add(folded(candidate))
        return candidate


def param_name(wire: str) -> str:
    """`wire` where that is a name; else one near it: `filter[name]` is `filter_name`, `$top` is `top`."""
    if _ORDINARY.fullmatch(wire) and folded(wire):
        return wire
    plain = unicodedata.normalize("NFKD", wire).encode("ascii", "ignore").decode()
    name = _OTHERS.sub("_", plain).strip("_-")
    if not name:
        return f"param_{_digest(wire)}"
    if not name[0].isalpha():
        name = f"param_{name}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 7]}_{_digest(wire)}"


def _digest(wire: str) -> str:
    return hashlib.sha256(wire.encode("utf-8", "replace")).hexdigest()[:6]
