"""What is shown of secrets. Clients of a server have it without a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Visibility = Literal["shared", "private"]


@dataclass(frozen=True, kw_only=True)
class SecretInfo:
    """All that is shown of a secret.

    Attributes:
        author: Id of the user that made it.
        author_name: The user's name as it is now.
        created, updated: Microseconds since 1970.
    """

    name: str
    visibility: Visibility
    description: str
    author: str
    author_name: str
    created: int
    updated: int


@dataclass(frozen=True, kw_only=True)
class Put:
    """A secret after it was put, and whether it is a new one."""

    secret: SecretInfo
    created: bool
