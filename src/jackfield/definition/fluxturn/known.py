"""Names that are looked up in any case style, however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from jackfield.definition.names import folded


class Known:
    """A set of names. `definition.names.find` walks all of them each time, which is too long for thousands."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Those of `names`; of two that differ in case style only, the first is found by the style of neither."""
        self._exact: set[str] = set()
        self._folded: dict[str, str] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know one more."""
        self._exact.add(name)
        self._folded.setdefault(folded(name), name)

    def find(self, wanted: str) -> str | None:
        """The name that `wanted` is: an exact match first, then one that differs in case style only."""
        return wanted if wanted in self._exact else self._folded.get(folded(wanted))
