"""One thing wrong with a document."""

from __future__ import annotations

from dataclasses import dataclass


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
