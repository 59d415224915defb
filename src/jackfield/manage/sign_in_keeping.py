"""What a sign-in leaves: a credential with its tokens, written down at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.credentials.oauth.errors import SignInFailed
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.credentials.stored import context_of, opened
from jackfield.definition.secret import Secret
from jackfield.manage.credential_defaults import default_for
from jackfield.manage.sign_in_opening import Opening, own_values, values_after
from jackfield.manage.sign_in_wishes import MAX_NAME, Wish
from jackfield.storage import connect_links, credentials, oauth_flows, oauth_grants
from jackfield.storage.clock import microseconds
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.oauth_flows import FlowRow
from jackfield.vault.records import Records

MAX_NAMES = 100
"""Accounts of one name that are told apart by a number."""


@dataclass(frozen=True, kw_only=True)
class Got:
    """What a service has given.

    Attributes:
        principal: In whose name it was asked.
        account: What the service calls the account; empty where it does not say.
    """

    flow: FlowRow
    wish: Wish
    opening: Opening
    principal: Principal
    tokens: Tokens
    account: str


class Keeping:
    """Writes it down."""

    def __init__(self, grants: StoredGrants, records: Records) -> None:
        self._grants = grants
        self._records = records

    def keep(self, connection: Connection, got: Got) -> str:
        """The id of the credential that was made, or was connected again.

        All of it is one transaction: a sign-in that fails leaves everything as it was, and none leaves a credential
        without tokens.

        Raises:
            SignInFailed: The credential, or the link that it came from, is gone meanwhile.
        """
        flow, connector = got.flow, got.opening.asking.connector
        row = self._again(connection, got) if flow.credential_id else self._new(connection, got)
        if not oauth_flows.end(connection, tenant=flow.tenant, id=flow.id, result_id=row.id):
            raise SignInFailed(connector=connector, error="over", reason="the sign-in has ended meanwhile")
        self._grant(connection, row, got)
        if flow.link_id and not connect_links.use(connection, tenant=flow.tenant, id=flow.link_id, result_id=row.id):
            raise SignInFailed(connector=connector, error="link_over", reason="the link was used or revoked meanwhile")
        _note(connection, row, got)
        return row.id

    def _new(self, connection: Connection, got: Got) -> CredentialRow:
        wish, opening = got.wish, got.opening
        owner = opening.credential.owner
        every = credentials.every(connection, tenant=got.flow.tenant, connector_id=opening.connector.id)
        others = [other for other in every if other.owner == owner]
        taken = {other.name_folded for other in others}
        row = CredentialRow(
            tenant=got.flow.tenant,
            connector_id=opening.connector.id,
            name="",
            mode="own" if opening.own else "platform",
            owner=owner,
            author=got.principal.id,
            approved=got.principal.admin,
            end_user=wish.end_user,
            account=got.account,
            scopes_asked=opening.asking.settings.scopes,
        )
        leads = default_for(got.principal, opening.connector, row, others, wanted=wish.is_default)
        row = replace(_named(row, wish.name or got.account or wish.end_user or "account", taken), is_default=leads)
        values = own_values(wish)
        record = self._records.seal(values, secret=_secret(values), context=context_of(row))
        return credentials.add(connection, replace(row, shown=record.shown, sealed=record.sealed))

    def _again(self, connection: Connection, got: Got) -> CredentialRow:
        flow, wish, opening = got.flow, got.wish, got.opening
        row = credentials.get(connection, tenant=flow.tenant, id=flow.credential_id)
        if row is None or row.connector_id != opening.connector.id or not may_connect_again(got.principal, row):
            reason = "the credential to connect again was deleted meanwhile, or is another's now"
            raise SignInFailed(connector=opening.asking.connector, error="credential_gone", reason=reason)
        values = values_after(opened(row, self._records).values, wish)
        changed = replace(
            row,
            mode="own" if opening.own else "platform",
            author=got.principal.id,  # it is their account now, so they decide where its tokens go
            is_default=row.is_default if wish.is_default is None else self._leads(connection, row, got),
            account=got.account or row.account,
            scopes_asked=opening.asking.settings.scopes,
        )
        context = context_of(replace(row, revision=row.revision + 1))
        record = self._records.seal(values, secret=_secret(values), context=context)
        return credentials.save(connection, replace(changed, shown=record.shown, sealed=record.sealed))

    def _leads(self, connection: Connection, row: CredentialRow, got: Got) -> bool:
        """Whether a credential that is connected again becomes, or stays, the default."""
        if not got.wish.is_default or row.is_default:
            return bool(got.wish.is_default)
        every = credentials.every(connection, tenant=row.tenant, connector_id=row.connector_id)
        others = [other for other in every if other.owner == row.owner]
        return default_for(got.principal, got.opening.connector, row, others, wanted=True)

    def _grant(self, connection: Connection, row: CredentialRow, got: Got) -> None:
        before = oauth_grants.lock(connection, tenant=row.tenant, holder=row.id)
        refreshable = got.tokens.refresh is not None and bool(got.opening.app.client_id)
        kept = self._grants.sealed(row.tenant, row.id, got.tokens, generation=before + 1, refreshable=refreshable)
        lives_us = None if got.tokens.lives_s is None else microseconds(got.tokens.lives_s)
        oauth_grants.put(connection, kept, lives_us=lives_us, after=None)


def may_connect_again(principal: Principal, row: CredentialRow) -> bool:
    """Whether a credential is the caller's, or a shared one that the caller has put or, as an administrator, looks
    after."""
    return row.owner == principal.id or (row.owner is None and (row.author == principal.id or principal.admin))


def _named(row: CredentialRow, wanted: str, taken: set[str]) -> CredentialRow:
    """The row under a name that is free: an account is not lost because another one is called like it."""
    wanted = wanted[: MAX_NAME - 4].strip() or "account"
    names = (wanted, *(f"{wanted} {number}" for number in range(2, MAX_NAMES)))
    rows = (replace(row, name=name) for name in names)
    return next((each for each in rows if each.name_folded not in taken), replace(row, name=f"{wanted} {row.id}"))


def _secret(values: dict[str, Secret | str]) -> list[str]:
    return [name for name, value in values.items() if isinstance(value, Secret)]


def _note(connection: Connection, row: CredentialRow, got: Got) -> None:
    flow = got.flow
    details = {
        "connector": got.opening.asking.connector,
        "name": row.name,
        "mode": row.mode,
        "visibility": "private" if row.owner else "shared",
        "scopes": list(got.tokens.scopes or row.scopes_asked),
        **({"link": flow.link_id} if flow.link_id else {}),
    }
    append(connection, got.principal, action=_action(flow), resource="credential", resource_id=row.id, details=details)


def note_failure(connection: Connection, flow: FlowRow, *, connector: str, error: str) -> None:
    """Write into the audit log that a sign-in has ended without an account, in the name of whoever has begun it.

    Args:
        error: Its code. The words of the service are kept with the sign-in alone: nobody knows what is in them.
    """
    append(
        connection,
        Principal(user="", id=flow.user_id, tenant=flow.tenant),
        action=_action(flow),
        resource="credential",
        resource_id=flow.credential_id,
        verdict="denied",
        details={"connector": connector, "error": error, **({"link": flow.link_id} if flow.link_id else {})},
    )


def _action(flow: FlowRow) -> str:
    return "credential.reconnect" if flow.credential_id else "credential.connect"
