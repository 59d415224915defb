"""From the token that came with a request to the caller behind it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from jackfield.access.errors import TokenExpired, TokenRevoked, TokenUnknown, UserDisabled
from jackfield.access.principal import ALL_SCOPES, Principal
from jackfield.errors import JackfieldError
from jackfield.storage import users
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.users import TokenRow, UserRow

ADMIN_ROLE = "admin"
MAX_CHARACTERS = 200
MAX_CACHED = 10_000

_TOUCH_US = microseconds(60)

log = logging.getLogger("jackfield.access")


@dataclass(kw_only=True, slots=True)
class _Known:
    principal: Principal
    token: TokenRow
    version: int
    touched: int


class Tokens:
    """The callers of an installation, by the tokens that they send.

    A caller is looked up once, and then answered from memory until something about users or tokens of the tenant has
    changed, in whatever process. Tokens that nobody knows are looked up each time: to remember them would let a
    stranger fill the memory, and would keep out a token that is made a moment later.
    """

    def __init__(self, database: Database, changes: Changes, *, limit: int = MAX_CACHED) -> None:
        """Args:
        changes: Followed, so that it hears of what other processes change.
        limit: How many callers are remembered; beyond, those seen longest ago are forgotten.
        """
        self._database = database
        self._changes = changes
        self._limit = limit
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._touching: set[asyncio.Task[None]] = set()

    async def authenticate(self, text: str) -> Principal:
        """The caller that `text` is the token of.

        The principal has the token's scopes, and is an administrator if its user is one.

        Raises:
            TokenUnknown: It is none.
            TokenRevoked, TokenExpired: It was one.
            UserDisabled: Its user is disabled or deleted.
        """
        if len(text) > MAX_CHARACTERS:
            raise TokenUnknown
        key = users.token_hash(text)
        known = self._known.get(key)
        if known is None or known.version < self._version(known.principal.tenant):
            known = await self._look_up(key, text)
        else:
            self._known.move_to_end(key)
        now, expires = now_us(), known.token.expires
        if expires is not None and now >= expires:
            self._known.pop(key, None)
            raise TokenExpired(token=known.token.name, user=known.principal.user)
        if now - known.touched >= _TOUCH_US:
            known.touched = now
            self._touch(known.token)
        return known.principal

    async def close(self) -> None:
        """Finish noting which tokens were used."""
        await asyncio.gather(*self._touching)

    def _version(self, tenant: str) -> int:
        return self._changes.version(tenant=tenant, topic=users.TOPIC)

    async def _look_up(self, key: bytes, text: str) -> _Known:
        self._known.pop(key, None)
        found = await self._database.read(partial(_found, text=text))
        if found is None:
            raise TokenUnknown
        token, user, version = found
        if token.revoked is not None:
            raise TokenRevoked(token=token.name, user=user.name)
        if user.disabled is not None or user.deleted is not None:
            raise UserDisabled(user=user.name)
        principal = Principal(
            user=user.name,
            id=user.id,
            tenant=user.tenant,
            scopes=ALL_SCOPES.intersection(token.scopes),
            admin=ADMIN_ROLE in user.roles,
            expires=token.expires,
        )
        known = self._known[key] = _Known(principal=principal, token=token, version=version, touched=token.used or 0)
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return known

    def _touch(self, token: TokenRow) -> None:
        """Note that it was used, without keeping the caller waiting for that."""
        task = asyncio.get_running_loop().create_task(self._write_touch(token))
        self._touching.add(task)
        task.add_done_callback(self._touching.discard)

    async def _write_touch(self, token: TokenRow) -> None:
        try:
            await self._database.write(partial(users.touch_token, tenant=token.tenant, id=token.id))
        except JackfieldError as error:  # the call itself goes on, or fails for a better reason
            log.warning("the last use of token `%s` was not noted: %s", token.id, error)


def _found(connection: Connection, text: str) -> tuple[TokenRow, UserRow, int] | None:
    found = users.find_token(connection, text)
    return found and (*found, version_in(connection, tenant=found[0].tenant, topic=users.TOPIC))
