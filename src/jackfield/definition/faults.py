"""One thing wrong with a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_FAULTS = 50
"""That are told at once. Who sends a million wrong values is not answered with as many sentences."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a document.

    Attributes:
        pointer: JSON Pointer (RFC 6901) of the bad value; `""` is the whole document.
        message: What is wrong with it.
        missing: The name of the required property that is absent there, if that is the fault.
    """

    pointer: str
    message: str
    missing: str | None = None

    def to_json(self) -> dict[str, str]:
        """Shape: `{pointer, message}`."""
        return {"pointer": self.pointer, "message": self.message}


def pointer(path: Iterable[object]) -> str:
    """The JSON Pointer of a path. Source: RFC 6901, section 3."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
