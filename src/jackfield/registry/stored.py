"""What the database has, beside what this process has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jackfield.definition.names import folded
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.registry.errors import NameTaken
from jackfield.registry.stored_rows import Definitions, Found, connector_of, read_connectors, read_types
from jackfield.storage import connectors as connector_rows
from jackfield.storage import types as type_rows
from jackfield.storage.changes import Changes
from jackfield.storage.database import Database

logger = logging.getLogger("jackfield.registry")

Seen = tuple[int, int]
"""The versions of the last changes of types and of connectors."""


@dataclass(frozen=True, kw_only=True)
class _Snapshot:
    """What the database had for one tenant.

    Attributes:
        number: Raised by every new snapshot of the tenant.
    """

    number: int
    seen: Seen
    types: Mapping[str, Found]
    connectors: Sequence[ConfiguredConnector]
    problems: Sequence[JackfieldError]


@dataclass(frozen=True, kw_only=True)
class _View:
    """A snapshot together with what the process has."""

    version: int
    by_id: Mapping[str, ConnectorType]
    by_name: Mapping[str, ConnectorType]
    connectors: Sequence[ConfiguredConnector]
    problems: Sequence[JackfieldError] = field(default=())


_NOTHING = _Snapshot(number=0, seen=(-1, -1), types={}, connectors=(), problems=())


class StoredCatalogue:
    """The types and connectors of the database and of this process.

    Each tenant's rows are read once, and again when `changes` knows of something newer, of the tenant's or of
    everybody's. What cannot be read is a problem, and everything else is there.

    - A tenant's own type wins over everybody's of the same name. Connectors that are stored keep to the type that
      they were made of, whatever is called like it later.
    - A stored connector wins over one of a file, of the same name; that is a problem too.
    """

    def __init__(
        self,
        base: MemoryCatalogue,
        database: Database,
        changes: Changes,
        check: Check,
    ) -> None:
        """Args:
        base: What this process has: installed packages, classes, files.
        database: What is stored.
        changes: Started; says when to read again.
        check: Refuses a definition that its execution model could not run.
        """
        self.base = base
        self._database = database
        self._changes = changes
        self._definitions = Definitions(check)
        self._snapshots: dict[str, _Snapshot] = {}
        self._views: dict[str, _View] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @property
    def problems(self) -> list[JackfieldError]:
        """What is stored and cannot be used, of all tenants that were looked at."""
        return [problem for tenant in self._snapshots for problem in self._view(tenant).problems]

    def version(self, tenant: str) -> int:
        """Another one whenever something that `tenant` sees has changed."""
        return self.base.version(tenant) + self._snapshots.get(tenant, _NOTHING).number

    def types(self, tenant: str) -> Sequence[ConnectorType]:
        """Every type that can be used here, by name."""
        return sorted(self._view(tenant).by_name.values(), key=lambda found: found.definition.name)

    def find_type(self, name: str, *, tenant: str) -> ConnectorType | None:
        """The type called `name`, in any case style."""
        return self._view(tenant).by_name.get(folded(name))

    def type_of(self, connector: ConfiguredConnector) -> ConnectorType | None:
        """The type that a connector was made of; `None` when it is not installed here."""
        if not connector.type_id:
            return self.base.type_of(connector)
        return self._view(connector.tenant).by_id.get(connector.type_id)

    def connectors(self, tenant: str) -> Sequence[ConfiguredConnector]:
        """Every connector of a tenant, by full name."""
        return self._view(tenant).connectors

    def is_stale(self, tenant: str) -> bool:
        """Whether the database has something newer than what was read."""
        return self._snapshots.get(tenant, _NOTHING).seen != self._newest(tenant)

    async def refresh(self, tenant: str) -> None:
        """Read what has changed.

        Raises:
            DatabaseUnavailable: What has changed cannot be read. What was there before is not used instead: a
                connector may have been switched off.
        """
        async with self._locks.setdefault(tenant, asyncio.Lock()):
            if not self.is_stale(tenant):
                return
            # Before reading: a change that comes meanwhile makes this stale again.
            seen, before = self._newest(tenant), self._snapshots.get(tenant, _NOTHING)
            problems: list[JackfieldError] = []
            types, connectors = await self._read(tenant, problems)
            self._snapshots[tenant] = _Snapshot(
                number=before.number + 1, seen=seen, types=types, connectors=connectors, problems=problems
            )

    async def _read(
        self, tenant: str, problems: list[JackfieldError]
    ) -> tuple[Mapping[str, Found], Sequence[ConfiguredConnector]]:
        known = self._definitions.known
        types, rows = await self._database.read(
            lambda connection: (
                read_types(connection, tenant=tenant, known=known),
                read_connectors(connection, tenant=tenant),
            )
        )
        found = await self._definitions.take(types, problems)
        connectors = []
        for row, type_name in rows:
            try:
                connectors.append(connector_of(row, type_name))
            except JackfieldError as error:
                problems.append(error)
        return found, connectors

    def _newest(self, tenant: str) -> Seen:
        return (
            self._changes.version(tenant=tenant, topic=type_rows.TOPIC),
            self._changes.version(tenant=tenant, topic=connector_rows.TOPIC),
        )

    def _view(self, tenant: str) -> _View:
        version = self.version(tenant)
        view = self._views.get(tenant)
        if view is None or view.version != version:
            known = {problem.message for problem in view.problems} if view else set()
            view = self._views[tenant] = self._merged(tenant, version)
            for problem in view.problems:
                if problem.message not in known:
                    logger.warning("%s (%s)", problem, problem.hint)
        return view

    def _merged(self, tenant: str, version: int) -> _View:
        snapshot = self._snapshots.get(tenant, _NOTHING)
        by_name = {folded(found.definition.name): found for found in self.base.types(tenant)}
        by_id: dict[str, ConnectorType] = {}
        for found in sorted(snapshot.types.values(), key=lambda found: found.row.tenant == tenant):
            kind = self._definitions.usable(found, self.base.find_type(found.row.name, tenant=tenant))
            if kind is not None:
                by_id[found.row.id] = by_name[found.row.name_folded] = kind
        stored = {(folded(c.namespace), folded(c.name)): c for c in snapshot.connectors}
        ids = {connector.id for connector in snapshot.connectors}
        problems = list(snapshot.problems)
        connectors = list(snapshot.connectors)
        for connector in self.base.connectors(tenant):
            if (folded(connector.namespace), folded(connector.name)) in stored or connector.id in ids:
                what = "connector" if connector.id not in ids else "the id of connector"
                problems.append(NameTaken(what=what, name=connector.full_name, first="the database", second="a file"))
            else:
                connectors.append(connector)
        connectors.sort(key=lambda connector: connector.full_name)
        return _View(version=version, by_id=by_id, by_name=by_name, connectors=connectors, problems=problems)
