"""What is told of a connector's credentials where the connector is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.definition.auth import canonical
from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.connector_views import ConnectorInfo
from jackfield.manage.credential_status import PERSON, status_of
from jackfield.storage import credentials, oauth_grants

MISSING = "missing"


def with_credentials(
    connection: Connection, principal: Principal, found: Sequence[tuple[ConnectorInfo, ConnectorDefinition | None]]
) -> list[ConnectorInfo]:
    """The connectors, each with the status of the credential that a call of the caller would use.

    Args:
        found: With the definitions of their types.
    """
    only = found[0][0].id if len(found) == 1 else None
    rows = credentials.defaults(connection, tenant=principal.tenant, user=principal.id, connector_id=only)
    shared = {row.connector_id: row for row in rows if row.owner is None}
    chosen = shared | {row.connector_id: row for row in rows if row.owner is not None}
    grants = oauth_grants.of(connection, tenant=principal.tenant, holders=[row.id for row in chosen.values()])
    now_us = oauth_grants.now_in(connection)

    def told(info: ConnectorInfo, definition: ConnectorDefinition | None) -> str:
        row = chosen.get(info.id)
        if row is None:
            return MISSING if _needs_one(info, definition) else ""
        return status_of(row, grants.get(row.id), definition, now_us=now_us).status

    return [replace(info, credential=told(info, definition)) for info, definition in found]


def _needs_one(info: ConnectorInfo, definition: ConnectorDefinition | None) -> bool:
    """Whether nothing can be sent before somebody has signed in."""
    auth = canonical(definition.auth) if definition else {}
    if auth.get("type") != "oauth2" or auth.get("optional"):
        return False
    if auth.get("grant", "authorization_code") not in PERSON:
        return False
    return "secret" not in auth and not info.config.get(auth.get("field", ""))
