"""Who is asking, for which tenant, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jackfield.access.errors import ScopeMissing

DEFAULT_TENANT = "default"

Scope = Literal["read", "execute", "manage"]
"""What a token allows: look at things, call commands, change things. None includes another."""

ALL_SCOPES: frozenset[Scope] = frozenset({"read", "execute", "manage"})


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The caller of a call.

    Attributes:
        user: Stable name or id.
        tenant: Owner of all that the caller can see; names resolve inside it.
        scopes: What the caller's token allows.
    """

    user: str
    tenant: str = DEFAULT_TENANT
    scopes: frozenset[Scope] = ALL_SCOPES

    def require(self, scope: Scope) -> None:
        """Do nothing if the caller's token allows `scope`.

        Raises:
            ScopeMissing: It does not.
        """
        if scope not in self.scopes:
            raise ScopeMissing(user=self.user, scope=scope, scopes=sorted(self.scopes))


LOCAL = Principal(user="local")
"""Whoever runs Jackfield inside their own process."""
