"""Credentials of connectors. What is secret in them never comes out again: no method answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from jackfield.access.errors import AdminRequired
from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import CredentialNotAllowed
from jackfield.credentials.steering import steering
from jackfield.credentials.stored import context_of, opened
from jackfield.definition.auth import canonical
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.secret import MASK
from jackfield.dispatch.call import Call, Recorded
from jackfield.dispatch.options import read_options
from jackfield.manage.connection_tests import ORIGIN, ConnectionTest, command_for_tests, tested
from jackfield.manage.credential_defaults import default_for, require_leading
from jackfield.manage.credential_fields import CredentialField, fields_of
from jackfield.manage.credential_rows import (
    MAX_SHOWN,
    Place,
    changeable,
    check_free,
    check_there,
    free_name,
    kept_test,
    note,
    place_of,
    places,
    shown,
    visible,
)
from jackfield.manage.credential_tokens import REVOKED, REVOKED_REASON, CredentialTokens
from jackfield.manage.credential_values import Values, read_values, sealed_again, sealed_new
from jackfield.manage.credential_views import CredentialInfo, CredentialMode, CredentialState
from jackfield.manage.denied import recording_denials
from jackfield.manage.secret_views import Visibility
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.errors import UnknownConnector
from jackfield.storage import credentials, oauth_grants
from jackfield.storage.clock import now_us
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.database import Database
from jackfield.vault.errors import Undecryptable
from jackfield.vault.records import Record, Records

MAX_NAME, MAX_END_USER = 100, 200
MODES = ("values", "token", "own")
"""Of a credential that is typed in. One with the installation's app comes of signing in."""


class Credentials:
    """Puts, shows, tests and deletes credentials."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        records: Records,
        tokens: CredentialTokens,
        run: Callable[[Call], Awaitable[Recorded]],
    ) -> None:
        """Args:
        database: Where they are.
        catalogue: Has the connectors that they are for.
        records: Seal their values.
        tokens: Asks services.
        run: Makes a call.
        """
        self._database = database
        self._catalogue = catalogue
        self._records = records
        self._tokens = tokens
        self._run = run

    async def list(self, principal: Principal, *, connector: str | None = None) -> Sequence[CredentialInfo]:
        """The shared credentials and the caller's own, by connector and name.

        Args:
            connector: Only those of this one.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownConnector, AmbiguousConnector: None fits, or several do.
        """
        async with self._recording(principal, "list", connector or "all"):
            principal.require("read")
            known = await self._known(principal)
            only = place_of(self._catalogue, principal, connector).connector.id if connector is not None else None

            def work(connection: Connection) -> list[CredentialInfo]:
                tenant, user = principal.tenant, principal.id
                return shown(
                    connection, credentials.every(connection, tenant=tenant, connector_id=only, user=user), known
                )

            found = await self._database.read(work)
        return sorted(found, key=lambda info: (info.connector, info.name, info.visibility, info.id))

    async def get(self, principal: Principal, wanted: str) -> CredentialInfo:
        """What is known of a credential.

        Args:
            wanted: Its id, or its name where the caller sees only one of that.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownCredential: The caller sees none.
        """
        async with self._recording(principal, "get", wanted):
            principal.require("read")
            return await self._shown(principal, wanted)

    async def fields(self, principal: Principal, connector: str) -> Sequence[CredentialField]:
        """What a credential for a connector may have, what signs its requests first.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownConnector, AmbiguousConnector: None fits, or several do.
        """
        async with self._recording(principal, "fields", connector):
            principal.require("read")
            await up_to_date(self._catalogue, principal.tenant)
            place = place_of(self._catalogue, principal, connector)
        return fields_of(place.definition, place.connector) if place.definition else []

    async def status(self, principal: Principal, wanted: str) -> CredentialState:
        """Whether a credential can be used. Raises what `get` raises."""
        info = await self.get(principal, wanted)
        return CredentialState(
            status=info.status,
            code=info.code,
            reason=info.reason,
            expires=info.expires,
            refreshable=info.refreshable,
        )

    async def add(
        self,
        principal: Principal,
        connector: str,
        *,
        name: str | None = None,
        values: Mapping[str, Any] | None = None,
        mode: CredentialMode = "values",
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str = "",
    ) -> CredentialInfo:
        """Put a new credential.

        Args:
            connector: As in a call.
            name: 1 to 100 characters, another one than those of its owner's others for the connector; one is made up
                where it is left out. Case, spaces, `-` and `_` do not count.
            values: Of connection fields, and of what the type signs its requests with.
            mode: `values`; `token` for a token that was got elsewhere (`{accessToken, refreshToken, expiresIn}`);
                `own` for an app of one's own with which somebody will sign in.
            visibility: `shared` with everybody in the tenant, or `private` to the caller.
            default: Whether calls that name none use it; the first one does unless told otherwise.
            end_user: Whose account it is, in at most 200 characters.

        Raises:
            ScopeMissing, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector: None fits, or several do.
            CredentialNotAllowed: Somebody else decides where the connector's requests go.
            InvalidParams: Something in it is wrong.
            AlreadyExists: The name is taken.
        """
        async with self._recording(principal, "create", connector):
            principal.require("manage")
            known = await self._known(principal)
            place = place_of(self._catalogue, principal, connector)
            _check(name, end_user, mode, visibility)
            read = self._read(principal, place, values or {}, mode=mode)
            self._check_agreed(principal, place, name or "the new one", read)
            row = CredentialRow(
                tenant=principal.tenant,
                connector_id=place.connector.id,
                name=name or "",
                mode=mode,
                owner=principal.id if visibility == "private" else None,
                author=principal.id,
                approved=principal.admin,
                end_user=end_user,
            )
            record = sealed_new(read, self._records, context_of(row))
            row = replace(row, shown=record.shown, sealed=record.sealed)
            opened_row = opened(row, self._records)
            renewable = await self._renewable(principal, opened_row, read)

            def work(connection: Connection) -> CredentialInfo:
                check_there(connection, place)
                own = [one for one in self._others(connection, row) if one.owner == row.owner]
                first = default_for(principal, place.connector, row, own, wanted=default)
                made = replace(row, name=name or free_name(own), is_default=first)
                made = credentials.add(connection, made)
                if read.pasted is not None:
                    self._tokens.put(connection, opened_row, read.pasted, refreshable=renewable)
                note(connection, principal, "create", made, mode=mode, default=first, values=sorted(row.shown))
                return shown(connection, [made], known)[0]

            return await self._database.write(work)

    async def change(
        self,
        principal: Principal,
        wanted: str,
        *,
        name: str | None = None,
        values: Mapping[str, Any] | None = None,
        default: bool | None = None,
        end_user: str | None = None,
        revision: int | None = None,
    ) -> CredentialInfo:
        """Change a credential: what is left out stays.

        Inside `values` likewise: a secret that is left out, or sent as the mask, stays; `None` clears. Whoever changes
        the values of a shared one is its author from then on.

        Args:
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownCredential: The caller sees none.
            CredentialNotAllowed: Somebody else decides where the connector's requests go.
            InvalidParams: Something in it is wrong.
            AlreadyExists: The new name is taken.
            RevisionConflict: It has changed since.
            Undecryptable: Secrets that are to stay cannot be read; sent anew, they need not be.
        """
        async with self._recording(principal, "update", wanted):
            principal.require("manage")
            known = await self._known(principal)
            _check(name, end_user)
            row = await self._database.read(lambda connection: changeable(connection, principal, wanted, revision))
            read, record, touched = self._changed(principal, row, known.get(row.connector_id), values)
            said = {
                "name": (name, row.name),
                "default": (default, row.is_default),
                "end_user": (end_user, row.end_user),
            }
            changes = sorted(what for what, (new, old) in said.items() if new is not None and new != old)
            if not changes and not touched:
                return await self._shown(principal, row.id)
            place = known.get(row.connector_id)
            changed = replace(
                row,
                name=row.name if name is None else name,
                is_default=row.is_default if default is None else default,
                end_user=row.end_user if end_user is None else end_user,
                shown=record.shown,
                sealed=record.sealed,
                author=principal.id if touched else row.author,
                approved=self._is_approved(principal, row, place, read) if touched else row.approved,
            )
            after = self._opened_after(changed) if read.pasted else None
            renewable = await self._renewable(principal, after, read) if after else False

            def work(connection: Connection) -> CredentialInfo:
                check_free(connection, row, changed.name)
                now = credentials.get(connection, tenant=row.tenant, id=row.id)
                stays = now.is_default if now else False  # that changes without a new revision
                if default and not stays and row.owner is None:
                    self._check_leads(connection, principal, row, place)
                kept = changed if default is not None else replace(changed, is_default=stays)
                saved = credentials.save(connection, kept)
                if read.pasted is not None and after is not None:
                    self._tokens.put(connection, after, read.pasted, refreshable=renewable)
                given = {"values": sorted(read.given)} if touched else {}
                note(connection, principal, "update", saved, changed=changes, revision=saved.revision, **given)
                return shown(connection, [saved], known)[0]

            info = await self._database.write(work)
        if after is not None:
            self._tokens.forget(after)
        return info

    async def delete(self, principal: Principal, wanted: str, *, revision: int | None = None) -> None:
        """Delete a credential for good. Its tokens are revoked at their service, if that lets them be.

        Where it was the default, the newest of the others becomes that.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownCredential: The caller sees none.
            RevisionConflict: It has changed since.
        """
        async with self._recording(principal, "delete", wanted):
            principal.require("manage")
            row = await self._database.read(lambda connection: changeable(connection, principal, wanted, revision))
            credential = self._opened_or_bare(row)

            def work(connection: Connection) -> None:
                credentials.remove(connection, row)
                following = credentials.make_newest_default(connection, row) if row.is_default else None
                told = {"newDefault": following.id} if following else {}
                note(connection, principal, "delete", row, **told)

            async with self._tokens.alone(credential) as held:
                await self._database.write(work)
            if held is not None and held.access is not None:
                await self._revoked(principal, row, await self._tokens.revoke(principal, credential, held))

    async def test(
        self, principal: Principal, wanted: str, *, timeout_s: float | None = None, environment: str | None = None
    ) -> ConnectionTest:
        """Call the command that the connector's type has for that, with this credential. How it went is kept with it.

        Args:
            environment: Of the connector, instead of its default. How that went is not kept.

        Raises:
            ScopeMissing: The caller's token lacks `execute`.
            UnknownCredential: The caller sees none.
            InvalidOption, UnknownEnvironment: The connector has no such environment.
            TestCommandMissing: The type has no command for that.
            JackfieldError: As a call that cannot start; that is kept as a failed test.
        """
        async with self._recording(principal, "test", wanted):
            principal.require("execute")
            known = await self._known(principal)
            row = await self._database.read(lambda connection: visible(connection, principal, wanted))
            place = _there(known.get(row.connector_id), row)
            assert place.definition is not None  # noqa: S101 - `_there` refuses
            command = command_for_tests(place.definition, connector=place.connector.full_name)
            options = read_options(None, timeout_s=timeout_s, environment=environment, credential_id=row.id)
            call = Call(principal=principal, target=row.connector_id, command=command, options=options, origin=ORIGIN)

            async def keep(result: Mapping[str, Any]) -> None:
                if environment is not None:
                    return
                at = now_us()
                kept = kept_test(result, tested=at)

                def work(connection: Connection) -> None:
                    credentials.record_test(connection, tenant=row.tenant, id=row.id, result=kept, tested=at)
                    note(connection, principal, "test", row, success=kept["success"])

                await self._database.write(work)

            return await tested(self._run, call, keep)

    async def refresh(self, principal: Principal, wanted: str) -> CredentialInfo:
        """Get a new token now.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownCredential: The caller sees none.
            CredentialNotRefreshable: There is no way to one without a person.
            ReauthorizationNeeded, TokenRefreshFailed: The service gives none.
            CredentialNotAllowed: Somebody else decides where the connector's requests go.
        """
        async with self._recording(principal, "refresh", wanted):
            principal.require("manage")
            row = await self._database.read(lambda connection: visible(connection, principal, wanted))
            await self._tokens.refresh(principal, opened(row, self._records))
            await self._database.write(lambda connection: note(connection, principal, "refresh", row))
            return await self._shown(principal, row.id)

    async def revoke(self, principal: Principal, wanted: str) -> CredentialInfo:
        """Have the service forget the tokens of a credential, as far as it lets one, and forget them here.

        What else it has stays, so that the account can be connected again.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownCredential: The caller sees none.
        """
        async with self._recording(principal, "revoke", wanted):
            principal.require("manage")
            row = await self._database.read(lambda connection: changeable(connection, principal, wanted, None))
            credential = self._opened_or_bare(row)
            async with self._tokens.alone(credential) as held:
                told: dict[str, Any] = {"atService": "nothing to revoke"}
                if held is not None and held.access is not None:
                    told = await self._tokens.revoke(principal, credential, held)
                tenant = row.tenant
                await self._database.write(
                    lambda connection: oauth_grants.end(
                        connection, tenant=tenant, holder=row.id, code=REVOKED, reason=REVOKED_REASON
                    )
                )
            await self._revoked(principal, row, told)
            return await self._shown(principal, row.id)

    async def _revoked(self, principal: Principal, row: CredentialRow, told: Mapping[str, Any]) -> None:
        await self._database.write(lambda connection: note(connection, principal, "revoke", row, **told))

    async def _known(self, principal: Principal) -> Mapping[str, Place]:
        await up_to_date(self._catalogue, principal.tenant)
        return places(self._catalogue, principal)

    async def _shown(self, principal: Principal, wanted: str) -> CredentialInfo:
        known = await self._known(principal)
        return await self._database.read(
            lambda connection: shown(connection, [visible(connection, principal, wanted)], known)[0]
        )

    def _check_leads(
        self, connection: Connection, principal: Principal, row: CredentialRow, place: Place | None
    ) -> None:
        """Do nothing if calls of everybody may use a shared credential.

        Raises:
            NotOwner: That is for others to say.
        """
        others = [one for one in self._others(connection, row) if one.owner is None]
        require_leading(principal, place.connector if place else None, others)

    def _others(self, connection: Connection, row: CredentialRow) -> Sequence[CredentialRow]:
        return credentials.every(connection, tenant=row.tenant, connector_id=row.connector_id)

    def _read(
        self,
        principal: Principal,
        place: Place | None,
        values: Mapping[str, Any],
        *,
        mode: str,
        before: Mapping[str, Any] | None = None,
    ) -> Values:
        """What is said of values, if this caller may say it.

        Raises:
            InvalidParams: Something in it is wrong.
            AdminRequired: It may decide where requests go, and an administrator stands for that.
        """
        if place is None or place.definition is None:
            raise UnknownConnector(connector=place.connector.full_name if place else "", known=[])
        definition, connector = place.definition, place.connector
        read = read_values(definition, values, mode=mode, before=before)
        new = [
            name for name, value in read.given.items() if value not in (None, MASK) and _differs(name, value, before)
        ]
        leads = steering(definition.fields, canonical(definition.auth), new)
        if leads and not principal.admin and connector.chosen_by != principal.id:
            what = f"put `{leads[0]}`, which may decide where requests go, in a credential of `{connector.full_name}`"
            raise AdminRequired(user=principal.user, action=what)
        return read

    def _changed(
        self, principal: Principal, row: CredentialRow, place: Place | None, values: Mapping[str, Any] | None
    ) -> tuple[Values, Record, bool]:
        """The values after a change: what was said, how they are stored, and whether any is another one."""
        record = Record(shown=row.shown, sealed=row.sealed)
        read = Values(given={}, secret=frozenset())
        touched = False
        if values:
            read = self._read(principal, place, values, mode=row.mode, before=row.shown)
            touched = bool(read.pasted) or any(
                _differs(name, value, row.shown) for name, value in read.given.items() if value != MASK
            )
        if touched and place is not None:
            self._check_agreed(principal, place, row.name, read)
        after = context_of(replace(row, revision=row.revision + 1))
        return read, sealed_again(record, read, self._records, context_of(row), after), touched

    def _is_approved(self, principal: Principal, row: CredentialRow, place: Place | None, values: Values) -> bool:
        """Whether an administrator stands for where the values of a credential lead, after a change.

        Not by changing a password alone, where somebody else has put the address before.
        """
        if not principal.admin or place is None or place.definition is None:
            return False
        stays = [name for name in row.shown if name not in values.given]
        definition = place.definition
        return row.approved or not steering(definition.fields, canonical(definition.auth), stays)

    def _check_agreed(self, principal: Principal, place: Place, name: str, values: Values) -> None:
        """Do nothing if the caller, or an administrator, decides where the connector's requests go.

        Raises:
            CredentialNotAllowed: Somebody else does.
        """
        if place.connector.chosen_by not in {None, principal.id}:
            raise CredentialNotAllowed(credential=name, connector=place.connector.full_name)

    async def _renewable(self, principal: Principal, credential: Credential, values: Values) -> bool:
        if values.pasted is None:
            return False
        return await self._tokens.is_refreshable(principal, credential, values.pasted)

    def _opened_after(self, row: CredentialRow) -> Credential:
        """A credential as it will be: its values are sealed for its next revision."""
        return opened(replace(row, revision=row.revision + 1), self._records)

    def _opened_or_bare(self, row: CredentialRow) -> Credential:
        """A credential, without values where they cannot be read: it can be deleted all the same."""
        try:
            return opened(row, self._records)
        except Undecryptable:
            return opened(replace(row, shown={}, sealed=None), self._records)

    def _recording(self, principal: Principal, verb: str, wanted: str) -> AbstractAsyncContextManager[None]:
        action = f"credential.{verb}"
        wanted = wanted[:MAX_SHOWN]
        return recording_denials(self._database, principal, action=action, resource="credential", resource_id=wanted)


def _there(place: Place | None, row: CredentialRow) -> Place:
    if place is None or place.definition is None:
        raise UnknownConnector(connector=place.connector.full_name if place else row.connector_id, known=[])
    return place


def _differs(name: str, value: Any, before: Mapping[str, Any] | None) -> bool:
    return bool(value != (before or {}).get(name))


def _check(name: str | None, end_user: str | None, mode: str = MODES[0], visibility: str = "shared") -> None:
    faults = []
    if name is not None and not _is_line(name, MAX_NAME):
        message = f"must be text of 1 to {MAX_NAME} characters, without spaces around it"
        faults.append(Fault(pointer="/name", message=message))
    if end_user and not _is_line(end_user, MAX_END_USER):
        faults.append(Fault(pointer="/endUser", message=f"must be text of at most {MAX_END_USER} characters"))
    if mode not in MODES:
        message = f"must be {', '.join(f'`{one}`' for one in MODES)}; with the installation's app one signs in"
        faults.append(Fault(pointer="/mode", message=message))
    if visibility not in {"shared", "private"}:
        faults.append(Fault(pointer="/visibility", message="must be `shared` or `private`"))
    if faults:
        raise InvalidParams(faults=faults, where="the credential", hint="correct it, or leave it out")


def _is_line(text: str, limit: int) -> bool:
    return 0 < len(text) <= limit and text.isprintable() and text == text.strip()
