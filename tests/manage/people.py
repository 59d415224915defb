"""The people of the tests: an administrator, two users, and one of another tenant."""

from __future__ import annotations

from functools import partial

from jackfield.access.principal import LOCAL, Principal
from jackfield.storage import audit, tenants, users
from jackfield.storage.audit import AuditEntry
from jackfield.storage.database import Database
from jackfield.storage.tenants import TenantRow
from jackfield.storage.users import UserRow

ADMIN = LOCAL
ANN = Principal(user="ann", id="id-of-ann")
BOB = Principal(user="bob", id="id-of-bob")
EVE = Principal(user="eve", id="id-of-eve", tenant="other", admin=True)

EVERYBODY = [ADMIN, ANN, BOB, EVE]


async def settle(database: Database) -> None:
    """Give them their rows."""
    await database.write(partial(tenants.add, row=TenantRow(tenant=EVE.tenant)))
    for person in EVERYBODY:
        roles = ["admin"] if person.admin else []
        row = UserRow(tenant=person.tenant, id=person.id, name=person.user, roles=roles)
        await database.write(partial(users.add, row=row))


async def audited(database: Database, tenant: str = "default") -> list[AuditEntry]:
    """All entries of the audit log, oldest first."""
    page = await database.read(partial(audit.newest, tenant=tenant, limit=1000))
    return list(reversed(page.items))


async def audit_words(database: Database, tenant: str = "default") -> list[str]:
    """The same in short: who, what, which, verdict."""
    entries = await audited(database, tenant)
    return [f"{entry.actor} {entry.action} {entry.resource_id} {entry.verdict}" for entry in entries]
