"""How often somebody at one address may fail."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

BURST = 10
EVERY_S = 6.0
MAX_ADDRESSES = 1000

EVERYWHERE = ""
"""Stands for all addresses together."""


class Attempts:
    """Counts what has failed: `burst` times at once, then once every `every_s` seconds.

    It remembers a bounded number of addresses; beyond, those seen longest ago are forgotten. Addresses of IPv6 count by
    their first 64 bits, which is what one household or one machine has.
    """

    def __init__(
        self,
        *,
        burst: int = BURST,
        every_s: float = EVERY_S,
        most: int = MAX_ADDRESSES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        clock: Seconds, from any beginning.
        """
        self._burst = burst
        self._every_s = every_s
        self._most = most
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()

    def failed(self, address: str) -> int:
        """Count a failure: 0 where it is one of those that may be, else the whole seconds until there is room for one.

        A failure beyond the limit is not counted, so that waiting always helps.
        """
        now, place = self._clock(), _network(address)
        until = max(self._until.get(place, now), now)
        wait_s = until + self._every_s - now - self._burst * self._every_s
        if wait_s > 0:
            return math.ceil(wait_s)
        self._until[place] = until + self._every_s
        self._until.move_to_end(place)
        if len(self._until) > self._most:
            self._until.popitem(last=False)
        return 0


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if found.version == 6:
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
