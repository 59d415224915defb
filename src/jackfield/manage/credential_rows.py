"""Rows of credentials: found for a caller, and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import NotOwner
from jackfield.access.principal import Principal
from jackfield.credentials.errors import UnknownCredential
from jackfield.definition.auth import canonical, open_parts
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.definition.secret import MASK
from jackfield.manage.connector_views import test_result
from jackfield.manage.credential_status import status_of
from jackfield.manage.credential_views import CredentialInfo, CredentialMode
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector
from jackfield.registry.errors import UnknownConnector
from jackfield.registry.resolve import find_connector, resolve
from jackfield.storage import connectors, credentials, oauth_grants, users
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.oauth_grants import GrantRow

MAX_SHOWN = 120
_NAME = "main"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A connector that credentials are for.

    Attributes:
        definition: Of its type; `None` where that is not there.
    """

    connector: ConfiguredConnector
    definition: ConnectorDefinition | None


def place_of(catalogue: Catalogue, principal: Principal, wanted: str) -> Place:
    """The connector that `wanted` names; the catalogue is up to date.

    Raises:
        UnknownConnector, AmbiguousConnector: None fits, or several do.
    """
    found = find_connector(catalogue.connectors(principal.tenant), wanted)
    if found is None:
        target = resolve(catalogue, wanted, tenant=principal.tenant)
        note = f"`{target.name}` is a connector type: credentials are for a connector of it"
        raise UnknownConnector(connector=wanted, known=[], note=note)
    return _place(catalogue, found)


def places(catalogue: Catalogue, principal: Principal) -> Mapping[str, Place]:
    """All connectors by their ids; the catalogue is up to date."""
    return {found.id: _place(catalogue, found) for found in catalogue.connectors(principal.tenant)}


def check_there(connection: Connection, place: Place) -> None:
    """Do nothing if the connector was not deleted meanwhile.

    Raises:
        UnknownConnector: It was.
    """
    at = place.connector
    if at.type_id:
        row = connectors.get(connection, tenant=at.tenant, id=at.id)
        if row is None or row.deleted is not None:
            raise UnknownConnector(connector=at.full_name, known=[])


def visible(connection: Connection, principal: Principal, wanted: str) -> CredentialRow:
    """The credential of that id, or the only one of that name, which the caller sees: shared, or the caller's own.

    Raises:
        UnknownCredential: There is none, or there are several of the name.
    """
    row = credentials.get(connection, tenant=principal.tenant, id=wanted)
    if row is not None and row.owner in {None, principal.id}:
        return row
    mine = credentials.every(connection, tenant=principal.tenant, user=principal.id)
    named = [one for one in mine if one.name_folded == folded(wanted)]
    if len(named) != 1:
        raise UnknownCredential(credential=wanted[:MAX_SHOWN], known=[one.name for one in mine])
    return named[0]


def changeable(connection: Connection, principal: Principal, wanted: str, revision: int | None) -> CredentialRow:
    """As `visible`, one that the caller may change.

    Raises:
        NotOwner: It is shared, and the caller has neither put it nor is an administrator.
        RevisionConflict: It has changed since that revision.
    """
    row = visible(connection, principal, wanted)
    if row.owner is None and row.author != principal.id and not principal.admin:
        raise NotOwner(user=principal.user, what=credentials.WHAT, name=row.name)
    if revision is not None and row.revision != revision:
        raise RevisionConflict(what=credentials.WHAT, name=row.name, expected=revision)
    return row


def check_free(connection: Connection, row: CredentialRow, name: str) -> None:
    """Do nothing if the owner of `row` has no other credential of that name for its connector.

    Raises:
        AlreadyExists: There is one.
    """
    other = credentials.find(connection, tenant=row.tenant, connector_id=row.connector_id, name=name, owner=row.owner)
    if other is not None and other.id != row.id:
        raise AlreadyExists(what=credentials.WHAT, name=name)


def free_name(others: Sequence[CredentialRow]) -> str:
    """A name that none of them has."""
    taken, number = {row.name_folded for row in others}, 2
    if folded(_NAME) not in taken:
        return _NAME
    while folded(f"{_NAME} {number}") in taken:
        number += 1
    return f"{_NAME} {number}"


def shown(connection: Connection, rows: Sequence[CredentialRow], known: Mapping[str, Place]) -> list[CredentialInfo]:
    """All that is shown of credentials of one tenant.

    Args:
        known: Connectors by their ids.
    """
    if not rows:
        return []
    tenant = rows[0].tenant
    names = users.names(connection, tenant=tenant)
    grants = oauth_grants.of(connection, tenant=tenant, holders=[row.id for row in rows])
    now_us = oauth_grants.now_in(connection)
    return [
        _info(
            row, grants.get(row.id), known.get(row.connector_id), author_name=names.get(row.author, ""), now_us=now_us
        )
        for row in rows
    ]


def kept_test(result: Mapping[str, Any], *, tested: int) -> dict[str, Any]:
    """What is kept of a test: as of a connector's, and the status that the service answered."""
    status = result.get("status")
    kept = test_result(result, tested=tested)
    return kept | {"status": status} if isinstance(status, int) and not isinstance(status, bool) else kept


def note(connection: Connection, principal: Principal, verb: str, row: CredentialRow, **details: Any) -> None:
    """Write into the audit log what was done with a credential."""
    said = {"name": row.name, "connectorId": row.connector_id, "visibility": _visibility(row), **details}
    append(
        connection,
        principal,
        action=f"credential.{verb}",
        resource="credential",
        resource_id=row.id,
        details=said,
    )


def _place(catalogue: Catalogue, connector: ConfiguredConnector) -> Place:
    kind = catalogue.type_of(connector)
    return Place(connector=connector, definition=kind.definition if kind else None)


def _visibility(row: CredentialRow) -> Any:
    return "shared" if row.owner is None else "private"


def _info(
    row: CredentialRow, grant: GrantRow | None, place: Place | None, *, author_name: str, now_us: int
) -> CredentialInfo:
    definition = place.definition if place else None
    state = status_of(row, grant, definition, now_us=now_us)
    return CredentialInfo(
        id=row.id,
        connector=place.connector.full_name if place else "",
        connector_id=row.connector_id,
        name=row.name,
        mode=cast(CredentialMode, row.mode),
        visibility=_visibility(row),
        owner=row.owner or "",
        author=row.author,
        author_name=author_name,
        is_default=row.is_default,
        end_user=row.end_user,
        account=row.account,
        status=state.status,
        code=state.code,
        reason=state.reason,
        values=_values(row, grant, definition),
        scopes_asked=list(row.scopes_asked),
        scopes_granted=None if grant is None or grant.scopes is None else list(grant.scopes),
        expires=grant.expires if grant else None,
        refreshed=grant.obtained if grant else None,
        refreshable=bool(grant and grant.refreshable),
        used=row.used,
        tested=row.tested,
        test_result=row.test_result,
        created=row.created,
        updated=row.updated,
        revision=row.revision,
    )


def _values(row: CredentialRow, grant: GrantRow | None, definition: ConnectorDefinition | None) -> dict[str, Any]:
    """A mask for each secret, also for what has become one since, and for a token that was pasted."""
    values = dict(row.shown)
    if definition is not None:
        secret = {f.name for f in definition.fields if f.secret}
        secret |= {name for name, part in open_parts(canonical(definition.auth)).items() if part.secret}
        values |= {name: MASK for name, value in values.items() if name in secret and value is not None}
    if row.mode == "token" and grant is not None and grant.sealed is not None:
        values["accessToken"] = MASK
    return values
