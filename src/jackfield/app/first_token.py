"""The first token of an administrator, without which nobody could ask a new server for anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import ALL_SCOPES, LOCAL
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.app.server_errors import AdminTokenRefused
from jackfield.settings import Settings, variable
from jackfield.storage import users
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database
from jackfield.storage.users import TokenRow, UserRow, new_token, token_hash

USER = "admin"
GENERATED = "first token"
SETTING = variable("admin_token")


async def ensure_admin_token(database: Database, settings: Settings) -> str | None:
    """The text of a new administrator's token, to be shown this once; `None` where none had to be made.

    One is made where there has never been one, also none that is over by now: a server that made another would undo
    what an administrator has taken back, and print it into a log. Of servers that start at once, one makes it.

    With the setting `admin_token`, that is made the token of the user `admin`, and an earlier one of the setting is
    revoked.

    Raises:
        AdminTokenRefused: The one of the setting cannot be used.
    """
    work = partial(_take, text=settings.admin_token) if settings.admin_token else _make
    return await database.write(work)


def _make(connection: Connection) -> str | None:
    users.lock(connection)
    if users.has_token_of_role(connection, tenant=LOCAL.tenant, role=ADMIN_ROLE):
        return None
    text = new_token()
    _add_token(connection, _free_user(connection), text, name=GENERATED)
    return text


def _take(connection: Connection, *, text: str) -> None:
    users.lock(connection)
    found = users.find_token(connection, text)
    if found is not None:
        _require_usable(*found)
    row = users.find(connection, tenant=LOCAL.tenant, name=USER)
    if row is None:
        row = _add_user(connection, USER)
    if found is None:
        _require_administrator(row)
        _add_token(connection, row, text, name=SETTING)
    _revoke_earlier(connection, row, text)


def _free_user(connection: Connection) -> UserRow:
    """A new administrator. Nobody who is called `admin` already becomes one by it."""
    for name in _names():
        if users.find(connection, tenant=LOCAL.tenant, name=name) is None:
            return _add_user(connection, name)
    raise AssertionError  # names do not end


def _names() -> Iterator[str]:
    yield USER
    yield from (f"{USER}-{number}" for number in count(2))


def _require_usable(token: TokenRow, user: UserRow) -> None:
    """Refuse the text of a token that does not work, or allows less than an administrator's.

    Raises:
        AdminTokenRefused: It is such a one.
    """
    if token.revoked is not None:
        raise AdminTokenRefused(problem="it was revoked")
    if token.expires is not None and token.expires <= now_us():
        raise AdminTokenRefused(problem="it has expired")
    if user.tenant != LOCAL.tenant or not set(token.scopes) >= ALL_SCOPES:
        raise AdminTokenRefused(problem="it is another token, that does not allow everything")
    _require_administrator(user)


def _require_administrator(user: UserRow) -> None:
    named = f"the user `{user.name}`"
    if user.deleted is not None or user.disabled is not None:
        raise AdminTokenRefused(problem=f"{named} is disabled", hint=f"`jackfield users enable {user.name}`")
    if ADMIN_ROLE not in user.roles:
        hint = "take the setting away and use `jackfield users add NAME --admin`, or delete that user"
        raise AdminTokenRefused(problem=f"{named} is no administrator", hint=hint)


def _add_user(connection: Connection, name: str) -> UserRow:
    row = users.add(connection, UserRow(tenant=LOCAL.tenant, name=name, roles=[ADMIN_ROLE]))
    details = {"name": name, "roles": list(row.roles)}
    append(connection, LOCAL, action="user.create", resource="user", resource_id=row.id, details=details)
    return row


def _add_token(connection: Connection, user: UserRow, text: str, *, name: str) -> None:
    row = TokenRow(tenant=user.tenant, user_id=user.id, name=name, hash=token_hash(text), scopes=sorted(ALL_SCOPES))
    users.add_token(connection, row)
    details = {"user": user.name, "name": name, "scopes": list(row.scopes), "expires": None}
    append(connection, LOCAL, action="token.create", resource="token", resource_id=row.id, details=details)


def _revoke_earlier(connection: Connection, user: UserRow, text: str) -> None:
    """Whoever changes the setting wants the earlier token gone."""
    for row in users.tokens_of(connection, tenant=user.tenant, user_id=user.id):
        if row.name == SETTING and row.revoked is None and row.hash != token_hash(text):
            users.revoke_token(connection, tenant=row.tenant, id=row.id)
            details = {"user": user.name, "name": row.name}
            append(connection, LOCAL, action="token.revoke", resource="token", resource_id=row.id, details=details)
