"""Named secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from jackfield.definition.secret import Secret

PRIVATE, SHARED = "the private secrets of the caller", "the shared secrets"
"""Places of a store that keeps secrets."""


class SecretStore(Protocol):
    """Where named secrets come from."""

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret of that name which `user` may use; `None` when there is none."""

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """The id of the user that decides where the secret that `find` gives may be sent.

        Empty where that is whoever runs the installation, and `None` when there is no such secret.
        """

    def places(self, name: str) -> Sequence[str]:
        """Where a secret of that name is looked for, in order, as a person would write it."""


class MemorySecrets:
    """Secrets given at start, the same for every user of one tenant. Never written anywhere."""

    def __init__(self, values: Mapping[str, str], *, tenant: str, place: str = "`Jackfield(secrets=...)`") -> None:
        """Args:
        values: By name.
        tenant: Whose users may have them.
        place: Where they were given, as a person would write it; `{name}` stands for the name.
        """
        self._values = {name: Secret(value) for name, value in values.items()}
        self._tenant = tenant
        self._place = place

    def __iter__(self) -> Iterator[Secret]:
        return iter(self._values.values())

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret of that name, for callers of the tenant it was given for."""
        return self._values.get(name) if tenant == self._tenant else None

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """Whoever runs the installation has given them."""
        return "" if tenant == self._tenant and name in self._values else None

    def places(self, name: str) -> Sequence[str]:
        """Where they were given."""
        return [self._place.format(name=name)]
