"""A queue in which nobody waits for all that somebody else has put there before."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Owner(NamedTuple):
    """Who is to get a turn. Both are names, or numbers that stand for them.

    Attributes:
        connector: Of the tenant. Its turns are shared among its connectors.
    """

    tenant: Hashable
    connector: Hashable


NOBODY = Owner(0, 0)
"""Who is not known. It is served like anybody else."""


class Turns(Generic[T]):
    """Serves tenants in turns, each tenant's connectors in turns, and what one of these has in its order."""

    def __init__(self) -> None:
        self._tenants: OrderedDict[Hashable, OrderedDict[Hashable, deque[T]]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, owner: Owner, item: T) -> None:
        """Add an item at the end of those of its owner."""
        self._tenants.setdefault(owner.tenant, OrderedDict()).setdefault(owner.connector, deque()).append(item)
        self._length += 1

    def take(self, may: Callable[[Hashable], bool] | None = None) -> T | None:
        """The next item; `None` if there is none.

        Args:
            may: Whether a tenant may have a turn now. Those that may not keep their place.
        """
        tenant = next((each for each in self._tenants if may is None or may(each)), None)
        connectors = None if tenant is None else self._tenants[tenant]
        if connectors is None:
            return None
        connector, items = next(iter(connectors.items()))
        item = items.popleft()
        self._length -= 1
        self._tenants.move_to_end(tenant)
        connectors.move_to_end(connector)
        self._tidy(Owner(tenant, connector))
        return item

    def discard(self, owner: Owner, item: T) -> None:
        """Take out an item, wherever it stands, if it is there."""
        connectors = self._tenants.get(owner.tenant)
        items = connectors.get(owner.connector) if connectors else None
        if items and item in items:
            items.remove(item)
            self._length -= 1
            self._tidy(owner)

    def _tidy(self, owner: Owner) -> None:
        connectors = self._tenants[owner.tenant]
        if not connectors[owner.connector]:
            del connectors[owner.connector]
            if not connectors:
                del self._tenants[owner.tenant]
