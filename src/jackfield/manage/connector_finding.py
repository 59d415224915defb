"""From what somebody calls a connector to its row, inside a transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import NotOwner
from jackfield.access.principal import Principal
from jackfield.registry.catalogue import ConfiguredConnector, MemoryCatalogue
from jackfield.registry.errors import ConnectorNotStored, UnknownConnector
from jackfield.registry.resolve import find_connector
from jackfield.storage import connectors
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.errors import RevisionConflict


class Finder:
    """Finds the connectors of the database and of this process."""

    def __init__(self, base: MemoryCatalogue) -> None:
        self._base = base

    def changeable(
        self, connection: Connection, principal: Principal, wanted: str, revision: int | None
    ) -> ConnectorRow:
        """As `stored`, one that the caller may change.

        Args:
            revision: Only if it still has this one.

        Raises:
            NotOwner: It is another user's.
            RevisionConflict: It has changed since.
        """
        row = self.stored(connection, principal, wanted)
        if row.owner != principal.id and not principal.admin:
            raise NotOwner(user=principal.user, what="connector", name=row.full_name)
        if revision is not None and row.revision != revision:
            raise RevisionConflict(what=connectors.WHAT, name=row.full_name, expected=revision)
        return row

    def stored(self, connection: Connection, principal: Principal, wanted: str) -> ConnectorRow:
        """As `find`, one of the database.

        Raises:
            ConnectorNotStored: It comes from a file or the program.
        """
        found = self.find(connection, principal, wanted)
        if isinstance(found, ConfiguredConnector):
            raise ConnectorNotStored(connector=found.full_name)
        return found

    def find(self, connection: Connection, principal: Principal, wanted: str) -> ConnectorRow | ConfiguredConnector:
        """The connector that `wanted` names; the stored one before that of the process, which it hides.

        Raises:
            UnknownConnector, AmbiguousConnector: None fits, or several do.
        """
        rows = connectors.every(connection, tenant=principal.tenant)
        if row := find_connector(rows, wanted):
            return row
        process = self._base.connectors(principal.tenant)
        if connector := find_connector(process, wanted):
            return connector
        known = sorted({row.full_name for row in rows} | {connector.full_name for connector in process})
        raise UnknownConnector(connector=wanted, known=known)


def note(connection: Connection, principal: Principal, verb: str, row: ConnectorRow, **details: Any) -> None:
    """Write into the audit log what was done with a connector."""
    action, details = f"connector.{verb}", {"id": row.id, **details}
    append(connection, principal, action=action, resource="connector", resource_id=row.full_name, details=details)
