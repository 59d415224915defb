"""Named secrets. What goes in never comes out again: no method answers a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import NotOwner
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidName, InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.secret import MASK, Secret
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import UnknownSecret, VisibilityMissing
from jackfield.manage.secret_views import Put, SecretInfo, Visibility
from jackfield.storage import secrets, users
from jackfield.storage.database import Database
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.secrets import SecretRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.stored_secrets import context, watched_as
from jackfield.vault.watch import SecretWatch

__all__ = ["MAX_BYTES", "MAX_DESCRIPTION", "Put", "SecretInfo", "Secrets", "Visibility"]

MAX_BYTES = 64 * 1024
MAX_DESCRIPTION = 1000

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
_NO_VISIBILITY = "must be `shared` or `private`"
_ATTEMPTS = 5


class Secrets:
    """Sets, lists and deletes named secrets."""

    def __init__(self, database: Database, envelope: Envelope, watch: SecretWatch) -> None:
        self._database = database
        self._envelope = envelope
        self._watch = watch

    async def put(
        self,
        principal: Principal,
        name: str,
        value: Secret | str | None = None,
        *,
        visibility: Visibility = "shared",
        description: str | None = None,
        new: bool = False,
    ) -> Put:
        """Make a secret, or change the one of that name and visibility. Who puts a value is its author from then on.

        Args:
            name: 1 to 128 letters, digits, `_`, `-` and `.`, not beginning with a dot. Upper and lower case count.
            value: Text of 1 byte to 64 KB; `None` keeps the value that is there.
            visibility: `shared` with everybody in the tenant, or `private` to the caller.
            description: At most 1,000 characters; `None` keeps what is there.
            new: Do not change one that is there.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            AlreadyExists: There is one, and `new` was asked for.
            NotOwner: A shared one is there, and the caller has neither made it nor is an administrator.
            InvalidName, InvalidParams: The name or the value cannot be.
            Undecryptable: The value to be kept cannot be read.
            RevisionConflict: Others changed it again and again meanwhile.
        """
        secret = Secret(value) if isinstance(value, str) else value
        _check(name, secret, visibility, description)

        def work(connection: Connection) -> tuple[SecretRow, bool, str]:
            if new:
                row = self._made(connection, principal, name, secret, _owner(principal, visibility), description or "")
                return row, True, principal.user
            row, created = self._put(connection, principal, name, secret, visibility, description)
            return row, created, _author(connection, row)

        async with self._recording(principal, "put", name):
            principal.require("manage")
            row, created, author = await self._database.write(work)
        if secret is not None:
            self._watch.add(secret, owner=watched_as(row))
        return Put(secret=_info(row, author), created=created)

    async def list(self, principal: Principal) -> Sequence[SecretInfo]:
        """The shared secrets and the caller's own, by name.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
        """

        def work(connection: Connection) -> Sequence[SecretInfo]:
            names = users.names(connection, tenant=principal.tenant)
            found = secrets.every(connection, tenant=principal.tenant, user=principal.id)
            return [_info(row, names.get(row.author, "")) for row in found]

        async with self._recording(principal, "list", "all"):
            principal.require("read")
            return await self._database.read(work)

    async def get(self, principal: Principal, name: str, *, visibility: Visibility | None = None) -> SecretInfo:
        """What is known of a secret: the caller's own before the shared one, as a call would use it.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownSecret: The caller sees none of that name and visibility.
        """

        def work(connection: Connection) -> SecretInfo:
            found = _find(connection, principal, name, visibility)
            return _info(found[0], _author(connection, found[0]))

        async with self._recording(principal, "get", name):
            principal.require("read")
            return await self._database.read(work)

    async def delete(self, principal: Principal, name: str, *, visibility: Visibility | None = None) -> None:
        """Delete a secret for good.

        Args:
            visibility: May be left out where there is only one of that name.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownSecret: The caller sees none of that name and visibility.
            VisibilityMissing: There are two, and it was not said which.
            NotOwner: It is shared, and the caller has neither made it nor is an administrator.
        """

        def work(connection: Connection) -> None:
            found = _find(connection, principal, name, visibility)
            if len(found) > 1:
                raise VisibilityMissing(secret=name)
            _check_owner(principal, found[0])
            secrets.remove(connection, found[0])
            details = {"id": found[0].id, "visibility": _visibility(found[0])}
            append(connection, principal, action="secret.delete", resource="secret", resource_id=name, details=details)

        async with self._recording(principal, "delete", name):
            principal.require("manage")
            await self._database.write(work)

    def _put(
        self,
        connection: Connection,
        principal: Principal,
        name: str,
        value: Secret | None,
        visibility: Visibility,
        description: str | None,
    ) -> tuple[SecretRow, bool]:
        """The row, and whether it is new. Of several that put at once, the last one wins."""
        owner = _owner(principal, visibility)
        for left in reversed(range(_ATTEMPTS)):
            row = secrets.find(connection, tenant=principal.tenant, name=name, owner=owner)
            try:
                if row is None:
                    return self._made(connection, principal, name, value, owner, description or ""), True
                _check_owner(principal, row)
                return self._changed(connection, principal, row, value, description), False
            except (AlreadyExists, RevisionConflict):  # somebody was faster: theirs can be seen now
                if not left:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _made(
        self,
        connection: Connection,
        principal: Principal,
        name: str,
        value: Secret | None,
        owner: str | None,
        description: str,
    ) -> SecretRow:
        if value is None:
            fault = Fault(pointer="/value", message="is required", missing="value")
            raise InvalidParams(faults=[fault], where=f"secret `{name}`", hint="a new secret needs a value")
        row = SecretRow(
            tenant=principal.tenant, name=name, sealed=b"", owner=owner, author=principal.id, description=description
        )
        row = replace(row, sealed=self._envelope.seal(value.reveal().encode(), context(row)))
        secrets.add(connection, row)
        details = {"id": row.id, "visibility": _visibility(row)}
        append(connection, principal, action="secret.create", resource="secret", resource_id=name, details=details)
        return row

    def _changed(
        self,
        connection: Connection,
        principal: Principal,
        row: SecretRow,
        value: Secret | None,
        description: str | None,
    ) -> SecretRow:
        said = row.description if description is None else description
        if value is None and said == row.description:
            return row
        plain = self._envelope.open(row.sealed, context(row)) if value is None else value.reveal().encode()
        sealed = self._envelope.seal(plain, context(replace(row, revision=row.revision + 1)))
        # Who put the value decides where it may be sent. Whoever put the one before decides that no longer.
        author = row.author if value is None else principal.id
        saved = secrets.save(connection, replace(row, sealed=sealed, description=said, author=author))
        given = {"value": value, "description": description}
        changed = [what for what, new in given.items() if new is not None] + ["author"] * (author != row.author)
        details = {"id": row.id, "visibility": _visibility(row), "changed": changed}
        append(connection, principal, action="secret.update", resource="secret", resource_id=row.name, details=details)
        return saved

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(
            self._database, principal, action=f"secret.{verb}", resource="secret", resource_id=name
        )


def _find(
    connection: Connection, principal: Principal, name: str, visibility: Visibility | None
) -> Sequence[SecretRow]:
    """What the caller sees of that name, the private one first."""
    if visibility not in {"shared", "private", None}:
        fault = Fault(pointer="/visibility", message=_NO_VISIBILITY)
        raise InvalidParams(faults=[fault], where=f"secret `{name[:128]}`", hint="leave it out where there is only one")
    owners: dict[str | None, list[str | None]] = {"private": [principal.id], "shared": [None]}
    wanted = owners.get(visibility, [principal.id, None])
    looked = [secrets.find(connection, tenant=principal.tenant, name=name, owner=owner) for owner in wanted]
    found = [row for row in looked if row is not None]
    if not found:
        known = [row.name for row in secrets.every(connection, tenant=principal.tenant, user=principal.id)]
        raise UnknownSecret(secret=name[:128], known=[other for other in known if other != name])
    return found


def _check_owner(principal: Principal, row: SecretRow) -> None:
    if row.owner is None and row.author != principal.id and not principal.admin:
        raise NotOwner(user=principal.user, what="secret", name=row.name)


def _check(name: str, value: Secret | None, visibility: str, description: str | None) -> None:
    if not _NAME.fullmatch(name):
        hint = "use 1 to 128 letters, digits, `_`, `-` and `.`, not beginning with a dot"
        raise InvalidName(what="secret", name=name, hint=hint)
    faults = []
    if value is not None and (problem := _problem(value.reveal())):
        faults.append(Fault(pointer="/value", message=problem))
    if visibility not in {"shared", "private"}:
        faults.append(Fault(pointer="/visibility", message=_NO_VISIBILITY))
    if description is not None and (len(description) > MAX_DESCRIPTION or _is_broken(description)):
        message = f"must be text of at most {MAX_DESCRIPTION} characters"
        faults.append(Fault(pointer="/description", message=message))
    if faults:
        hint = "a value is text of 1 byte to 64 KB; without one, that which is there stays"
        raise InvalidParams(faults=faults, where=f"secret `{name}`", hint=hint)


def _problem(value: str) -> str:
    """What keeps `value` from being one. Never shows it."""
    if not value:
        return "is empty"
    if value == MASK:
        return "is the mask that is shown in its place"
    if _is_broken(value):
        return "has broken characters"
    return f"has more than {MAX_BYTES} bytes" if len(value.encode()) > MAX_BYTES else ""


def _is_broken(text: str) -> bool:
    return text.encode("utf-8", "ignore").decode() != text


def _owner(principal: Principal, visibility: Visibility) -> str | None:
    return principal.id if visibility == "private" else None


def _visibility(row: SecretRow) -> Visibility:
    return "shared" if row.owner is None else "private"


def _author(connection: Connection, row: SecretRow) -> str:
    user = users.get(connection, tenant=row.tenant, id=row.author)
    return user.name if user else ""


def _info(row: SecretRow, author_name: str) -> SecretInfo:
    return SecretInfo(
        name=row.name,
        visibility=_visibility(row),
        description=row.description,
        author=row.author,
        author_name=author_name,
        created=row.created,
        updated=row.updated,
    )
