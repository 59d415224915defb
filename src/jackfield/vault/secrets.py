"""Named secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from jackfield.definition.secret import Secret


class SecretStore(Protocol):
    """Where named secrets come from."""

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret of that name which `user` may use; `None` when there is none."""

    def places(self, name: str) -> Sequence[str]:
        """Where a secret of that name is looked for, in order, as a person would write it."""


class MemorySecrets:
    """Secrets given at start, the same for every user of one tenant. Never written anywhere."""

    def __init__(self, values: Mapping[str, str], *, tenant: str) -> None:
        self._values = {name: Secret(value) for name, value in values.items()}
        self._tenant = tenant

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret of that name, for callers of the tenant it was given for."""
        return self._values.get(name) if tenant == self._tenant else None

    def places(self, name: str) -> Sequence[str]:
        """What the embedded runtime was given, then the environment."""
        return ["`Jackfield(secrets=...)`", f"`JACKFIELD_SECRET_{name}`"]
