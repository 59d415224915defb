"""The types of this process as rows, so that connectors of them can be stored and people can edit them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from jackfield.definition.floh import stored_json
from jackfield.definition.names import folded
from jackfield.registry.catalogue import ConnectorType, MemoryCatalogue
from jackfield.registry.versions import fingerprint
from jackfield.storage import types as rows
from jackfield.storage.database import Database
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.types import TypeRow, TypeVersionRow

AUTHOR = "jackfield"
"""The author of versions that came with a package."""

ATTEMPTS = 10


@dataclass(frozen=True, kw_only=True)
class _Seed:
    """One type as it would be stored."""

    name: str
    model: str
    version: str
    definition: Mapping[str, Any]
    hash: str


async def seed(catalogue: MemoryCatalogue, database: Database) -> list[str]:
    """Store the types of installed packages for everybody; gives the names of those that were written.

    One read when all of them are stored as they are, and one write when not. A row that nobody has edited follows its
    package; one that somebody has edited stays as it is, and its edits are laid over the package's definition. The
    row of a type that has vanished stays, for its connectors and executions.

    Any number of processes may do this at once.
    """
    seeds = [_seed(found) for found in catalogue.types(EVERYBODY) if found.packaged]
    for attempt in range(ATTEMPTS):
        if not await database.read(lambda connection: _outdated(connection, seeds)):
            return []
        try:
            return await database.write(lambda connection: _store(connection, seeds))
        except (AlreadyExists, RevisionConflict):  # another process was faster
            if attempt == ATTEMPTS - 1:
                raise
    return []


def ensure(connection: Connection, found: ConnectorType) -> TypeRow:
    """The row of a type that this process has, made if there is none: connectors that are stored need one."""
    row = rows.find(connection, tenant=EVERYBODY, name=found.definition.name)
    return row or _add(connection, _seed(found))


def next_label(version: str, taken: Collection[str]) -> str:
    """What a version is stored as: `1.2.0`, or `1.2.0+1` for the next form of it.

    What follows the `+` says nothing about what callers can rely on. Source: Semantic Versioning 2.0.0, item 10.
    """
    count, label = 0, version
    while label in taken:
        count += 1
        label = f"{version}+{count}"
    return label


def _seed(found: ConnectorType) -> _Seed:
    definition = stored_json(found.definition)
    return _Seed(
        name=found.definition.name,
        model=found.definition.execution_model,
        version=found.definition.version,
        definition=definition,
        hash=fingerprint(definition),
    )


def _outdated(connection: Connection, seeds: Sequence[_Seed]) -> list[tuple[_Seed, TypeRow | None]]:
    """Those that are not stored, and those that are in an older form that nobody has edited."""
    stored = {row.name_folded: row for row in rows.every(connection, tenant=EVERYBODY)}
    found = [(seed, stored.get(folded(seed.name))) for seed in seeds]
    return [
        (seed, row)
        for seed, row in found
        if row is None or (row.seeded != seed.hash and not _is_edited(connection, row))
    ]


def _store(connection: Connection, seeds: Sequence[_Seed]) -> list[str]:
    outdated = _outdated(connection, seeds)
    for seed, row in outdated:
        if row is None:
            _add(connection, seed)
        else:
            _follow(connection, row, seed)
    return [seed.name for seed, _ in outdated]


def _add(connection: Connection, seed: _Seed) -> TypeRow:
    row = TypeRow(
        tenant=EVERYBODY, name=seed.name, model=seed.model, version=seed.version, public=True, seeded=seed.hash
    )
    return rows.add(connection, row, seed.definition, author=AUTHOR)


def _follow(connection: Connection, row: TypeRow, seed: _Seed) -> None:
    taken = [version.version for version in rows.versions(connection, tenant=EVERYBODY, type_id=row.id)]
    label = next_label(seed.version, taken)
    version = TypeVersionRow(tenant=EVERYBODY, type_id=row.id, version=label, definition=seed.definition, author=AUTHOR)
    rows.add_version(connection, version)
    rows.save(connection, replace(row, name=seed.name, model=seed.model, version=label, seeded=seed.hash))


def _is_edited(connection: Connection, row: TypeRow) -> bool:
    newest = rows.get_version(connection, tenant=EVERYBODY, type_id=row.id, version=row.version)
    stored = newest.definition if newest else None
    return isinstance(stored, Mapping) and fingerprint(stored) != row.seeded
