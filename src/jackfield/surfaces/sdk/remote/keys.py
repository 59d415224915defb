"""The keys of a server, which nobody sees or changes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from jackfield.access.principal import Principal
from jackfield.surfaces.server_errors import OnlyAtTheServer


class RemoteKeys:
    """As `manage.keys.Keys`: each method says where it can be done."""

    async def status(self, principal: Principal) -> NoReturn:
        """Raises `OnlyAtTheServer`."""
        raise _elsewhere("looking at the keys")

    async def add(self, principal: Principal) -> NoReturn:
        """Raises `OnlyAtTheServer`."""
        raise _elsewhere("adding a key")

    async def rotate(self, principal: Principal, *, progress: Callable[[Any], None] | None = None) -> NoReturn:
        """Raises `OnlyAtTheServer`."""
        raise _elsewhere("rotating the keys")


def _elsewhere(what: str) -> OnlyAtTheServer:
    return OnlyAtTheServer(what=what, instead="run `jackfield keys` where the server's database and keys are")
