"""A secret value that does not show itself."""

from __future__ import annotations

import hmac

MASK = "********"


class Secret:
    """A string that prints as a mask. `reveal()` gives the value to whoever really needs it.

    Used as the type of a connection field (`api_key: Secret = field(...)`) and as the value a handler sees.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself. Do not log it, and do not put it into an error, a URL or an outcome."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not written anywhere: reveal it on purpose, or leave it out")
