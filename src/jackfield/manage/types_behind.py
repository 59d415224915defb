"""The types of connectors, changed through them: what an import does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.connector_finding import Finder, note
from jackfield.manage.connector_rows import Made, Rows, is_still_approved
from jackfield.manage.denied import recording_denials
from jackfield.manage.type_changes import Redefinition, redefined
from jackfield.manage.type_rows import stored_definition
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.versions import Versions
from jackfield.storage import connectors, types
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.database import Database
from jackfield.storage.types import TypeRow


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A connector, its type, and the newest definition of that.

    Attributes:
        alone: No other connector is of the type, so that nobody else can be broken.
    """

    row: ConnectorRow
    type: TypeRow
    definition: ConnectorDefinition
    alone: bool


class TypesBehind:
    """Finds the types of connectors, and gives them new versions."""

    def __init__(
        self,
        database: Database,
        base: MemoryCatalogue,
        sealer: ConnectionSealer,
        check: Check,
        versions: Versions | None = None,
    ) -> None:
        """Args: as of `manage.connectors.Connectors`."""
        self._database = database
        self._check = check
        self._versions = versions or Versions()
        self._finder = Finder(base)
        self._rows = Rows(base, sealer, self._versions)

    async def get(self, principal: Principal, wanted: str) -> Behind:
        """A stored connector and its type, to be changed by `redefine`.

        Raises:
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
            InvalidDefinition: What is stored of its type cannot be read.
        """

        def work(connection: Connection) -> Behind:
            row = self._finder.stored(connection, principal, wanted)
            kind = types.get(connection, tenant=row.tenant, id=row.type_id)
            assert kind is not None  # noqa: S101 - a foreign key
            users = connectors.of_type(connection, tenant=principal.tenant, type_id=kind.id)
            definition = stored_definition(connection, self._versions, kind)
            return Behind(row=row, type=kind, definition=definition, alone=[user.id for user in users] == [row.id])

        async with self._recording(principal, wanted):
            principal.require("manage")
            return await self._versions.within(self._database, self._database.read, work)

    async def redefine(
        self,
        principal: Principal,
        behind: Behind,
        change: Callable[[], ConnectorDefinition],
        *,
        version: str | None = None,
        auto_bump: bool = False,
        revision: int | None = None,
    ) -> str:
        """Give the type of a connector a new version, whose number is answered.

        Args:
            behind: The connector, and the definition that is changed.
            change: Gives the definition as it is to be; run away from the event loop.
            version: The one that it is to have.
            auto_bump: Raise it as far as the change needs.
            revision: Only if the connector still has this one.

        Raises:
            Moved: Somebody has changed the type since `behind` was read: do it all again.
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            InvalidDefinition: It cannot be carried out.
            VersionTooLow: Others use the type, and would break.
            RevisionConflict: The connector has changed since.
        """

        def work(connection: Connection, redefinition: Redefinition) -> Made:
            before = self._rows.known(
                connection, self._finder.changeable(connection, principal, behind.row.id, revision)
            )
            made = self._rows.redefine(connection, principal, before, redefinition, asked=version, auto_bump=auto_bump)
            approved = is_still_approved(principal, before, made, {})
            row = self._rows.change(connection, made.row, {}, made, approved=approved)
            details = {"type": made.type.name, "version": made.type.version, "revision": row.revision}
            note(connection, principal, "update", row, changed=["source"], **details)
            return made

        async with self._recording(principal, behind.row.full_name):
            principal.require("manage")
            redefinition = await redefined(behind.type, behind.definition, change, check=self._check)
            if not redefinition.changed:
                return behind.definition.version
            made = await self._versions.within(
                self._database, self._database.write, lambda connection: work(connection, redefinition)
            )
        return made.definition.version if made.definition else made.type.version

    def _recording(self, principal: Principal, name: str) -> AbstractAsyncContextManager[None]:
        action = "connector.update"
        return recording_denials(self._database, principal, action=action, resource="connector", resource_id=name)
