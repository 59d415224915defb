"""What was left out of a document, or weakened, and where: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing that a reader of a document left out, weakened or put right.

    Attributes:
        pointer: JSON Pointer into the document; of another file of a bundle, `file.yaml#/pointer`.
        message: What was found, and what was made of it.
    """

    pointer: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """Shape: `{pointer, message}`."""
        return {"pointer": self.pointer, "message": self.message}


class Notices:
    """A growing list of notices, without repetitions: schemas are read late, and shared parts more than once."""

    def __init__(self) -> None:
        """None yet."""
        self._found: dict[Notice, None] = {}

    def add(self, place: str, message: str) -> None:
        """Keep one; the same one again changes nothing.

        Args:
            place: As in `references.inside`.
            message: A sentence without its full stop, with values in backticks.
        """
        self._found.setdefault(Notice(pointer=place.removeprefix("#"), message=message))

    def __iter__(self) -> Iterator[Notice]:
        """In the order in which they were found."""
        return iter(tuple(self._found))

    def __len__(self) -> int:
        """How many."""
        return len(self._found)
