"""A refusal in the words of OAuth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """The request is refused.

    Attributes:
        error: The code of RFC 6749, RFC 8628 or RFC 6750.
        status: The HTTP status.
        headers: More headers of the answer.
    """

    def __init__(self, error: str, why: str, *, status: int = 400, headers: Mapping[str, str] = _NOTHING) -> None:
        super().__init__(why)
        self.error = error
        self.status = status
        self.headers = headers


def need(holds: bool, error: str, why: str) -> None:
    """Do nothing if a rule holds.

    Raises:
        Refused: It does not.
    """
    if not holds:
        raise Refused(error, why)
