"""What the tests of the stored catalogue share."""

from __future__ import annotations

from functools import partial
from typing import Any

from jackfield.definition.connector import Connector
from jackfield.definition.floh import to_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.operations import read_operations
from jackfield.execution.http import model as http
from jackfield.registry.catalogue import ConnectorType, MemoryCatalogue
from jackfield.registry.discovery import types_of
from jackfield.registry.stored import StoredCatalogue
from jackfield.storage import connectors, types
from jackfield.storage.changes import Changes
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.database import Database
from jackfield.storage.types import TypeRow


async def check(definition: ConnectorDefinition) -> None:
    """As the runtime checks a definition before it is used."""
    if definition.execution_model == "http":
        await http.HttpModel().check(definition)


def declared(name: str = "desk", **more: Any) -> ConnectorDefinition:
    """A declarative type with a secret."""
    return read_operations(
        {
            "name": name,
            "baseUrl": "https://desk.example/v1",
            "connectionConfig": {"token": {"type": "secret", "required": True}},
            "auth": {"type": "bearer", "field": "token"},
            "operations": [{"name": "list_tickets", "method": "GET", "path": "/tickets"}],
        }
        | more
    )


def memory(*classes: type[Connector], packaged: bool = True) -> MemoryCatalogue:
    """What a process has."""
    made = MemoryCatalogue()
    for found in types_of(classes):
        made.add_type(
            ConnectorType(definition=found.definition, implementation=found.implementation, packaged=packaged)
        )
    return made


def catalogue(database: Database, changes: Changes, base: MemoryCatalogue | None = None) -> StoredCatalogue:
    """One process's."""
    return StoredCatalogue(base or MemoryCatalogue(), database, changes, check)


async def add_type(
    database: Database, definition: ConnectorDefinition | None = None, *, tenant: str = "default", **given: Any
) -> TypeRow:
    """Store a type."""
    definition = definition or declared()
    raw = given.pop("raw", None) or to_json(definition)
    row = TypeRow(
        tenant=tenant, name=definition.name, model=definition.execution_model, version=definition.version, **given
    )
    return await database.write(partial(types.add, row=row, definition=raw, author="ann"))


async def add_connector(database: Database, kind: TypeRow, name: str = "my-desk", **given: Any) -> ConnectorRow:
    """Store a connector."""
    values: dict[str, Any] = {"tenant": "default", "namespace": "default"} | given
    row = ConnectorRow(name=name, type_id=kind.id, type_version=kind.version, **values)
    return await database.write(partial(connectors.add, row=row))
