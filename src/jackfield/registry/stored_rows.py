"""From the rows of the catalogue to types and connectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.levels import LEVELS
from jackfield.definition.model import ConnectorDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import NOBODY, ConfiguredConnector, ConnectorType
from jackfield.registry.checking import Check
from jackfield.registry.environments import from_json
from jackfield.registry.errors import LoadFailed
from jackfield.registry.versions import UNREADABLE, Known, Versions, unreadable
from jackfield.storage import connectors as connector_rows
from jackfield.storage import types as type_rows
from jackfield.storage.connectors import APPROVED, ConnectorRow
from jackfield.storage.types import TypeRow

METADATA = ("display_name", "description", "category", "tags", "icon")
"""What people may edit of a type that came with a package."""


@dataclass(frozen=True, kw_only=True)
class TypesRead:
    """Types as they were read.

    Attributes:
        newest: The ids of the newest versions, by the ids of the types.
        texts: The definitions that were not known, by the ids of the versions.
    """

    rows: Sequence[TypeRow]
    newest: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A stored type, with the definition of its newest version as it was stored.

    Attributes:
        edited: It came with a package, and somebody has changed it since.
    """

    row: TypeRow
    version_id: str
    definition: ConnectorDefinition
    edited: bool = False


def read_types(connection: Connection, *, tenant: str, known: Collection[str] = ()) -> TypesRead:
    """The types of a tenant and of everybody, with those definitions whose versions are not `known`."""
    newest = type_rows.newest(connection, tenant=tenant)
    wanted = [version for version in newest.values() if version not in known]
    return TypesRead(
        rows=type_rows.every(connection, tenant=tenant),
        newest=newest,
        texts=type_rows.definition_texts(connection, tenant=tenant, ids=wanted),
    )


def read_connectors(connection: Connection, *, tenant: str) -> list[tuple[ConnectorRow, str]]:
    """The connectors of a tenant, each with the name of its type."""
    names = {row.id: row.name for row in type_rows.every(connection, tenant=tenant)}
    return [(row, names.get(row.type_id, row.type_id)) for row in connector_rows.every(connection, tenant=tenant)]


def connector_of(row: ConnectorRow, type_name: str) -> ConfiguredConnector:
    """A connector as it is stored, its secrets sealed.

    Raises:
        LoadFailed: What is stored has not the form that it was stored in.
    """
    options = row.options
    timeout, egress, mocks = options.get("timeout"), options.get("egress") or {}, options.get("mocks") or {}
    level = options.get("logLevel") or ""
    sound = isinstance(egress, Mapping) and isinstance(mocks, Mapping) and isinstance(row.config, Mapping)
    sound = sound and (level == "" or level in LEVELS)
    if not sound or not (timeout is None or (isinstance(timeout, int | float) and timeout > 0)):
        raise LoadFailed(place=f"connector {row.full_name}", reason="its stored options cannot be read")
    try:
        environments = from_json(row.environments)
    except ValueError:
        raise LoadFailed(place=f"connector {row.full_name}", reason="its environments cannot be read") from None
    return ConfiguredConnector(
        id=row.id,
        tenant=row.tenant,
        namespace=row.namespace,
        name=row.name,
        type=type_name,
        type_id=row.type_id,
        type_version=row.type_version,
        display_name=row.display_name,
        description=row.description,
        tags=tuple(row.tags),
        owner=row.owner,
        chosen_by=None if options.get(APPROVED) is True else row.owner,
        config=row.config,
        environments=environments,
        environment=row.environment,
        sealed=row.sealed,
        enabled=row.enabled,
        revision=row.revision,
        egress=egress,
        timeout_s=None if timeout is None else timeout / 1000,
        mocks=mocks,
        log_level=level,
    )


class Definitions:
    """Stored definitions as they can be used: each read and checked once, for a version never changes.

    One and the same definition is one and the same object, also in later snapshots: execution models keep what they
    have compiled by it.
    """

    def __init__(self, versions: Versions, check: Check) -> None:
        self._versions = versions
        self._check = check
        self._judged: dict[str, JackfieldError | None] = {}
        self._laid: dict[str, tuple[ConnectorDefinition, ConnectorDefinition]] = {}

    def known(self) -> Mapping[str, Known]:
        """Those that are read, by the ids of their versions."""
        return self._versions.known()

    async def take(
        self, read: TypesRead, known: Mapping[str, Known], problems: list[JackfieldError]
    ) -> dict[str, Found]:
        """The types by id. What is wrong with others is added to `problems`.

        Args:
            known: What `read` was told to be known.
        """
        there = {**known, **await self._versions.take(read.texts)}
        found: dict[str, Found] = {}
        for row in read.rows:
            version_id = read.newest.get(row.id, "")
            definition = await self._checked(version_id, there.get(version_id) or _missing(row))
            if isinstance(definition, JackfieldError):
                reason = f"{definition.message} ({definition.hint})"
                problems.append(LoadFailed(place=f"connector type {row.name} {row.version}", reason=reason))
            else:
                edited = bool(row.seeded) and self._versions.fingerprint(version_id) != row.seeded
                found[row.id] = Found(row=row, version_id=version_id, definition=definition, edited=edited)
        return found

    def usable(self, found: Found, installed: ConnectorType | None) -> ConnectorType | None:
        """The type as it can be used here; `None` for one whose package or class this process has not.

        Args:
            found: As stored.
            installed: What this process has under that name.
        """
        row = found.row
        if not row.seeded:
            return ConnectorType(
                definition=found.definition, place="the database", enabled=row.enabled, chosen_by=NOBODY
            )
        if installed is not None:
            return replace(installed, definition=self._edited_over(found, installed.definition), enabled=row.enabled)
        if row.model == "built_in":
            return None
        return ConnectorType(definition=found.definition, place="the database", enabled=row.enabled)

    async def _checked(self, version_id: str, read: Known) -> Known:
        if isinstance(read, JackfieldError) or read.execution_model == "built_in":
            return read
        if version_id not in self._judged:
            self._judged[version_id] = await self._judge(read)
        return self._judged[version_id] or read

    async def _judge(self, read: ConnectorDefinition) -> JackfieldError | None:
        try:
            await self._check(read)
        except JackfieldError as error:
            return error
        except UNREADABLE as error:
            return unreadable(error)
        return None

    def _edited_over(self, found: Found, installed: ConnectorDefinition) -> ConnectorDefinition:
        """The installed definition with what people have edited, as one object for as long as neither changes."""
        if not found.edited:
            return installed
        base, laid = self._laid.get(found.version_id, (None, None))
        if laid is None or base is not installed:
            laid = replace(installed, **{name: getattr(found.definition, name) for name in METADATA})
            self._laid[found.version_id] = (installed, laid)
        return laid


def _missing(row: TypeRow) -> JackfieldError:
    return InvalidDefinition(f"its version `{row.version}` is not there", hint="save the type again")
