"""Attempts that were refused are written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jackfield.access.audit import append
from jackfield.access.errors import AdminRequired, Denied
from jackfield.access.principal import Principal, Scope
from jackfield.storage.database import Database


@asynccontextmanager
async def recording_denials(
    database: Database, principal: Principal, *, action: str, resource: str, resource_id: str
) -> AsyncIterator[None]:
    """Write a `Denied` that is raised inside into the audit log, and let it go on.

    Args:
        action, resource, resource_id: What was tried, as for `access.audit.append`.
    """
    try:
        yield
    except Denied as error:
        await record_denial(database, principal, error, action=action, resource=resource, resource_id=resource_id)
        raise


async def record_denial(
    database: Database, principal: Principal, error: Denied, *, action: str, resource: str, resource_id: str
) -> None:
    """Write into the audit log that something was refused.

    In a write of its own: what was refused inside a write is rolled back.
    """
    details = {"code": error.code}
    await database.write(
        lambda connection: append(
            connection,
            principal,
            action=action,
            resource=resource,
            resource_id=resource_id,
            verdict="denied",
            details=details,
        )
    )


def require_admin(principal: Principal, scope: Scope, *, to: str) -> None:
    """Do nothing if the caller is an administrator whose token allows `scope`.

    Args:
        to: What the caller wants to do, as in "may not ...".

    Raises:
        ScopeMissing: The token does not allow it.
        AdminRequired: The caller is no administrator.
    """
    principal.require(scope)
    if not principal.admin:
        raise AdminRequired(user=principal.user, action=to)
