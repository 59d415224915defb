"""Who is asking, and for which tenant."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_TENANT = "default"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The caller of a call.

    Attributes:
        user: Stable name or id.
        tenant: Owner of all that the caller can see; names resolve inside it.
    """

    user: str
    tenant: str = DEFAULT_TENANT


LOCAL = Principal(user="local")
"""Whoever runs Jackfield inside their own process."""
