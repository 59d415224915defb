"""From what somebody calls a connector type to its row and definition, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from jackfield.access.errors import AdminRequired, NotOwner
from jackfield.access.principal import DEFAULT_TENANT, Principal
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.floh import from_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.errors import UnknownType
from jackfield.registry.seeding import ensure
from jackfield.storage import connectors, types
from jackfield.storage.connectors import APPROVED
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.types import TypeRow


def find_row(connection: Connection, base: MemoryCatalogue, principal: Principal, wanted: str) -> TypeRow:
    """The row of the type that `wanted` names by id or name, made for one that only this process has.

    Raises:
        UnknownType: There is none.
    """
    if row := stored_row(connection, principal, wanted):
        return row
    if installed := base.find_type(wanted, tenant=principal.tenant):
        return ensure(connection, installed)
    known = {row.name for row in types.every(connection, tenant=principal.tenant)}
    known |= {found.definition.name for found in base.types(principal.tenant)}
    raise UnknownType(type=wanted, known=sorted(known))


def stored_row(connection: Connection, principal: Principal, wanted: str) -> TypeRow | None:
    """The row of the type that `wanted` names by id or name, if there is one."""
    by_id = types.get(connection, tenant=principal.tenant, id=wanted)
    if by_id is not None and by_id.deleted is None:
        return by_id
    return types.find(connection, tenant=principal.tenant, name=wanted)


def row_in_body(connection: Connection, base: MemoryCatalogue, principal: Principal, wanted: str) -> TypeRow:
    """As `find_row`, for a type that a body names.

    Raises:
        InvalidParams: There is none; the message says which it might be.
    """
    try:
        return find_row(connection, base, principal, wanted)
    except UnknownType as error:
        raise type_fault(f"{error.message}; {error.hint}") from None


def type_fault(message: str) -> InvalidParams:
    """The error of a body whose `type` cannot be used."""
    fault = Fault(pointer="/type", message=message)
    return InvalidParams(faults=[fault], where="the body", hint="name a type that there is, or describe one")


def stored_definition(connection: Connection, row: TypeRow) -> ConnectorDefinition:
    """The newest definition, as it is stored.

    Raises:
        InvalidDefinition: It cannot be read.
        UnknownType: It is not there.
    """
    newest = types.get_version(connection, tenant=row.tenant, type_id=row.id, version=row.version)
    if newest is None:
        raise UnknownType(type=row.name, known=[])
    return from_json(newest.definition)


def shown_definition(connection: Connection, row: TypeRow) -> ConnectorDefinition:
    """The newest definition; of one that cannot be read the name alone, so that it can be seen and deleted."""
    try:
        return stored_definition(connection, row)
    except JackfieldError:
        return ConnectorDefinition(name=row.name, description="What is stored of it cannot be read.")


def usable_definition(connection: Connection, base: MemoryCatalogue, row: TypeRow) -> ConnectorDefinition | None:
    """The definition that connectors of the type are filled in by; `None` where this process cannot run it."""
    installed = base.find_type(row.name, tenant=row.tenant) if row.seeded else None
    if installed is not None:
        return installed.definition
    if row.seeded and row.model == "built_in":
        return None
    try:
        return stored_definition(connection, row)
    except JackfieldError:  # the catalogue reports it; its connectors can still be seen, disabled and deleted
        return None


def check_may_change(connection: Connection, principal: Principal, row: TypeRow) -> None:
    """Do nothing if the caller may change the type.

    Raises:
        AdminRequired: It is everybody's, and the caller is no administrator of the tenant `default`.
        NotOwner: It is another user's.
    """
    if row.tenant == EVERYBODY:
        if not principal.admin or principal.tenant != DEFAULT_TENANT:
            raise AdminRequired(user=principal.user, action="change a connector type of the whole installation")
    elif not principal.admin and owner_of(connection, row) != principal.id:
        raise NotOwner(user=principal.user, what="connector type", name=row.name)


def check_may_redefine(connection: Connection, principal: Principal, row: TypeRow) -> None:
    """Do nothing if the caller may change what connectors of the type do.

    Raises:
        AdminRequired: Others have connectors of it, or one is approved, and the caller is no administrator: what they
            have filled in could be sent wherever the caller likes.
        NotOwner: It is another user's.
    """
    check_may_change(connection, principal, row)
    users = connectors.of_type(connection, tenant=principal.tenant, type_id=row.id)
    if not principal.admin and any(user.owner != principal.id or user.options.get(APPROVED) for user in users):
        raise AdminRequired(user=principal.user, action="change a connector type of which others have connectors")


def owner_of(connection: Connection, row: TypeRow) -> str:
    """The id of the user that made the type: the author of its first version."""
    found = types.versions(connection, tenant=row.tenant, type_id=row.id)
    return found[0].author if found else ""
