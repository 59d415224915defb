"""Several places of secrets as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from jackfield.definition.secret import Secret
from jackfield.vault.secrets import SecretStore


@runtime_checkable
class Closing(Protocol):
    """A store that holds something open."""

    async def close(self) -> None:
        """Let go of it. Once is enough."""


class LayeredSecrets:
    """Several stores as one: the first that has a secret gives it."""

    def __init__(self, stores: Sequence[SecretStore]) -> None:
        self._stores = tuple(stores)

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret from the first store that has it.

        A store that cannot answer is an error, not a reason to ask the next: the value there may be an older one.
        """
        for store in self._stores:
            if (found := await store.find(name, tenant=tenant, user=user)) is not None:
                return found
        return None

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """What the first store says that has the secret."""
        for store in self._stores:
            if (user_id := await store.decided_by(name, tenant=tenant, user=user)) is not None:
                return user_id
        return None

    def places(self, name: str) -> Sequence[str]:
        """Those of all stores, in order."""
        return list(dict.fromkeys(place for store in self._stores for place in store.places(name)))

    async def close(self) -> None:
        """Close those that hold something open."""
        for store in self._stores:
            if isinstance(store, Closing):
                await store.close()
