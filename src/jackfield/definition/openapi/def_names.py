"""Names for the shared parts of a command's schema: readable, the same on each import, never two of the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

MAX_NAME = 100
_LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}\Z")
_SCHEMAS = "#/components/schemas/"
_ODD = re.compile(r"[^A-Za-z0-9]+")
_FILLERS = frozenset(
    {"components", "schemas", "paths", "properties", "content", "schema", "responses", "requestBody", "definitions"}
)


class DefNames:
    """Gives each place of a document a name of its own."""

    def __init__(self, schemas: Collection[str]) -> None:
        """Of a document whose `components` have these `schemas`: their names stay, where they are legal."""
        self._taken = {name for name in schemas if _LEGAL.match(name)}

    def name(self, place: str, *, suffix: str = "") -> str:
        """For what is at `place`. Depends on nothing else but the names of the document's schemas.

        Args:
            place: As in `references.inside`.
            suffix: Tells a second form of the same part from the first.
        """
        own = place.removeprefix(_SCHEMAS)
        if own in self._taken and not suffix:
            return own
        readable = _ODD.sub("_", own if own in self._taken else _readable(place)).strip("_")[: MAX_NAME - 30] or "part"
        digest = hashlib.sha256(f"{place}!{suffix}".encode()).hexdigest()
        length = 8
        while (name := "_".join(filter(None, (readable, suffix, digest[:length])))) in self._taken:
            length += 8
        return name if name[0].isalpha() else f"_{name}"


def _readable(place: str) -> str:
    """The last three parts of a place that say anything."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in place.partition("#")[2].split("/")]
    return "_".join([part for part in parts if part and part not in _FILLERS][-3:])
