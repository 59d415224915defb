"""What the installation keeps for itself, sealed by name."""

from __future__ import annotations

from jackfield.vault.sealed import SealContext

PARAMS_KEY = "params-key"
"""32 random bytes by which the params of calls are compared without being kept in the clear."""

LINKS_KEY = "connect-links-key"
"""32 random bytes by which connect links are signed."""


def context(*, tenant: str, name: str) -> SealContext:
    """Where the value called `name` belongs. It never changes, so it has no version."""
    return SealContext(tenant=tenant, kind="sealed-value", id=name)
