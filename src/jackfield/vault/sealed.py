"""The binary form of a sealed value.

| bytes | what |
|---|---|
| 1 | format version, 1 |
| 1 | whose data key it is: 1 its own, 2 shared by the entries of a log |
| 1 | length n of the key's id |
| n | id of the ring key that wraps the data key, ASCII |
| 12 | nonce of the wrapping |
| 48 | the data key: 32 bytes encrypted, and the 16 bytes of the tag |
| 12 | nonce of the content |
| rest | the content encrypted, and the 16 bytes of the tag |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

FORMAT = 1
OWN, SHARED = 1, 2

NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_BYTES = 32 + TAG_BYTES

HEAD_BYTES = 3 + 255
"""No head is longer."""

_FIXED = 3
_AFTER_ID = NONCE_BYTES + WRAPPED_BYTES + NONCE_BYTES + TAG_BYTES


@dataclass(frozen=True, kw_only=True, slots=True)
class SealContext:
    """Where a sealed value belongs. It opens there and nowhere else.

    Attributes:
        tenant: Owner of the row.
        kind: What the value is, such as `credential` or `execution.outcome`.
        id: Of the row.
        version: Of the row, so that an earlier value of it cannot be put back unnoticed; 0 for rows that never change.
        name: By which people know the row, where not by its id. It may change, so that it binds nothing.
    """

    tenant: str
    kind: str
    id: str
    version: int = 0
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.kind} `{self.name or self.id}` of tenant `{self.tenant}`"

    def encoded(self) -> bytes:
        """The associated data. Lengths stand before the texts, so that no two contexts have the same bytes."""
        tenant, kind, row = self.tenant, self.kind, self.id
        text = f"{len(tenant)}:{tenant}{len(kind)}:{kind}{len(row)}:{row}{self.version}"
        return text.encode("utf-8", "surrogatepass")


class Parts(NamedTuple):
    """A sealed value taken apart."""

    scope: int
    key: str
    wrap_nonce: bytes
    wrapped: bytes
    content: bytes
    """Nonce, ciphertext and tag."""


def split(sealed: bytes) -> Parts | None:
    """The parts of `sealed`; `None` when it is something else, or cut off within its head."""
    key = key_of_head(sealed)
    end = _FIXED + len(key)
    if not key or len(sealed) < end + _AFTER_ID:
        return None
    nonce_end = end + NONCE_BYTES
    wrapped_end = nonce_end + WRAPPED_BYTES
    return Parts(sealed[1], key, sealed[end:nonce_end], sealed[nonce_end:wrapped_end], sealed[wrapped_end:])


def head(scope: int, key: str) -> bytes:
    """What stands before the nonce of the wrapping."""
    return bytes((FORMAT, scope, len(key))) + key.encode()


def key_of_head(beginning: bytes) -> str:
    """The id of the ring key, from the first `HEAD_BYTES` of a sealed value; empty when it is something else."""
    if len(beginning) < _FIXED or beginning[0] != FORMAT or beginning[1] not in {OWN, SHARED}:
        return ""
    name = beginning[_FIXED : _FIXED + beginning[2]]
    whole = len(name) == beginning[2] and name.isascii()
    return key if whole and (key := name.decode()).isprintable() else ""


def is_newer(sealed: bytes) -> bool:
    """Whether it looks as if a later version of Jackfield had sealed it."""
    return bool(sealed) and sealed[0] == FORMAT + 1
