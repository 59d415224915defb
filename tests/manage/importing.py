"""What the tests of imports share: all that one process has on a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from jackfield.manage.connectors import Connectors
from jackfield.manage.imports import Fetched, Imports
from jackfield.manage.types import Types
from jackfield.manage.types_behind import TypesBehind
from jackfield.registry.stored import StoredCatalogue
from jackfield.registry.versions import Versions
from jackfield.storage.changes import Changes
from jackfield.storage.database import Database
from manage.desk import process, sealer_of
from manage.people import ANN
from pets import document
from registry.stored import check

_NEVER_S = 3600.0


class World:
    """What one process has on a database."""

    def __init__(self, database: Database, changes: Changes) -> None:
        base, versions = process(), Versions()
        self.database = database
        self.connectors = Connectors(database, base, sealer_of(), check, versions)
        self.types = Types(database, base, check, versions)
        self.catalogue = StoredCatalogue(base, database, changes, check, versions)
        self.behind = TypesBehind(database, base, sealer_of(), check, versions)
        self.imports = Imports(_fetch, types=self.behind)

    async def import_(self, spec: Any, **more: Any) -> Any:
        return await self.imports.import_into(ANN, "pets", {"spec": spec, **more})


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[World]:
    """Another process."""
    changes = Changes(database, scan_s=_NEVER_S)
    await changes.start()
    try:
        yield World(database, changes)
    finally:
        await changes.close()


async def _fetch(url: str) -> Fetched:
    return Fetched(content=orjson.dumps(document()), location=url)
