"""What the authoring tools work with: what there is for everybody, and no second way to do it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call
from jackfield.manage.authoring.model import Model
from jackfield.manage.errors import NothingKept
from jackfield.registry.catalogue import Catalogue, up_to_date

if TYPE_CHECKING:  # a process that keeps nothing imports no database
    from jackfield.manage.connection_tests import ConnectionTests
    from jackfield.manage.connectors import Connectors
    from jackfield.manage.imports import Imports
    from jackfield.manage.trials import Trials


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The services of the process.

    Attributes:
        run: Makes a call.
        kept: Connectors; `None` where nothing is kept.
        model: Helps to write scripts; `None` where the installation has none.
        no_model: Why it has none.
    """

    imports: Imports
    tests: ConnectionTests
    trials: Trials
    catalogue: Catalogue
    run: Callable[[Call], Awaitable[Outcome[Any]]]
    kept: Connectors | None = None
    model: Model | None = None
    no_model: str = ""

    @property
    def connectors(self) -> Connectors:
        """Those that are kept.

        Raises:
            NothingKept: There is no database.
        """
        if self.kept is None:
            raise NothingKept(what="connectors")
        return self.kept

    async def refreshed(self, tenant: str) -> Catalogue:
        """What exists now."""
        await up_to_date(self.catalogue, tenant)
        return self.catalogue


def as_author(principal: Principal) -> Principal:
    """Who changes what a model asked to change: `principal`, without the rights of an administrator.

    A connector that an administrator makes may use secrets of others. What a model has made waits for a person who
    looks where its requests go: a model may have read somewhere what it should make.
    """
    return replace(principal, admin=False)
