"""The catalogue of the tests: a class of this process, a declarative type, and what manages them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from jackfield import Connector, Secret, command, field, succeed
from jackfield.manage.connectors import Connectors
from jackfield.manage.types import Types
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.discovery import types_of
from jackfield.registry.sealing import ConnectionSealer
from jackfield.storage.database import Database
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.records import Records
from jackfield.vault.watch import SecretWatch
from registry.stored import check

KEY = "key-that-nobody-may-see"


class Managed(Connector, name="managed-crm", category="crm"):
    """Contacts."""

    base_url: str = field("API address.", default="https://crm.example")
    region: str = field("Where it is.")
    api_key: Secret = field("Key.")

    @command(reads_only=True)
    async def list_contacts(self):
        """All contacts."""
        return succeed([])


DESK: dict[str, Any] = {
    "name": "desk",
    "baseUrl": "https://desk.example/v1",
    "connectionConfig": {"token": {"type": "secret", "required": True}},
    "auth": {"type": "bearer", "field": "token"},
    "operations": [
        {"name": "list_tickets", "method": "GET", "path": "/tickets"},
        {"name": "get_ticket", "method": "GET", "path": "/tickets/{id}"},
    ],
}
FEWER = [DESK["operations"][0]]


def process() -> MemoryCatalogue:
    """What this process has."""
    made = MemoryCatalogue()
    for found in types_of([Managed]):
        made.add_type(found)
    return made


def sealer_of(key: int = 1) -> ConnectionSealer:
    ring = KeyRing([(f"k{key}", bytes([key, *range(1, 32)]))])
    return ConnectionSealer(Records(Envelope(ring), SecretWatch()))


def connectors_of(database: Database, base: MemoryCatalogue | None = None, *, key: int = 1) -> Connectors:
    return Connectors(database, base or process(), sealer_of(key), check)


def types_in(database: Database, base: MemoryCatalogue | None = None) -> Types:
    return Types(database, base or process(), check)


async def bytes_of(database: Database, table: str = "connector") -> str:
    """Everything in a table, as text."""

    def work(connection: Any) -> str:
        return repr([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])

    return await database.read(work)
