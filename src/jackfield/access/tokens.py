"""From the token or the session that came with a request to the caller behind it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from jackfield.access.errors import (
    GatewayDisabled,
    GatewayTokenMisplaced,
    SessionEnded,
    TokenExpired,
    TokenRevoked,
    TokenUnknown,
    UserDisabled,
)
from jackfield.access.principal import ALL_SCOPES, GatewayGrant, Principal, Scope
from jackfield.access.sessions import Session, csrf_token_of
from jackfield.errors import JackfieldError
from jackfield.storage import gateways, sessions, users
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.gateways import GatewayRow
from jackfield.storage.users import TokenRow, UserRow

ADMIN_ROLE = "admin"
GATEWAY_SCOPES: frozenset[Scope] = frozenset({"read", "execute"})
"""All that a token of a gateway can allow: to see its tools, and to call them."""
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


@dataclass(frozen=True, kw_only=True)
class _Found:
    token: TokenRow
    user: UserRow
    parent: TokenRow | None
    gateway: GatewayRow | None
    version: int


class Tokens:
    """The callers of an installation, by the tokens that they send, and by their sessions.

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

        The principal has the token's scopes, and is an administrator if its user is one. That of a gateway's token has
        neither: `gateway` says what it may there.

        Raises:
            TokenUnknown: It is none.
            TokenRevoked, TokenExpired: It was one.
            UserDisabled: Its user is disabled or deleted.
            GatewayDisabled: It is that of a gateway that is switched off.
        """
        return (await self._current(text, is_session=False)).principal

    async def holder(self, text: str) -> tuple[Principal, TokenRow]:
        """As `authenticate`, with the row of the token.

        Raises:
            GatewayTokenMisplaced: It is the token of a gateway, with which nobody signs in.
        """
        known = await self._current(text, is_session=False)
        if known.token.gateway is not None:
            raise GatewayTokenMisplaced(user=known.principal.user)
        return known.principal, known.token

    async def session(self, text: str, *, uses: bool = True) -> Session:
        """The session that `text` is of. It allows what its token allows, and lasts no longer.

        Args:
            text: What the browser keeps.
            uses: Whether that counts as using it, which keeps it from ending.

        Raises:
            SessionEnded: It is over, was not used for `IDLE_S`, or there was none.
            TokenRevoked: Its token was.
            UserDisabled: Its user is disabled or deleted.
        """
        try:
            known = await self._current(text, is_session=True, uses=uses)
        except (TokenUnknown, TokenExpired):
            raise SessionEnded from None
        row = known.token
        return Session(
            id=row.id, principal=known.principal, csrf_token=csrf_token_of(text), expires=row.expires or now_us()
        )

    async def close(self) -> None:
        """Finish noting which tokens were used."""
        await asyncio.gather(*self._touching)

    async def _current(self, text: str, *, is_session: bool, uses: bool = True) -> _Known:
        """What is known of a text that still counts. A session is no token, nor the other way around."""
        if len(text) > MAX_CHARACTERS:
            raise TokenUnknown
        key = users.token_hash(text)
        known = self._known.get(key)
        if known is None or known.version < self._version(known.principal.tenant):
            known = await self._look_up(key, text)
        else:
            self._known.move_to_end(key)
        if (known.token.parent is not None) is not is_session:
            raise TokenUnknown
        if is_session and sessions.is_idle(known.touched, now=now_us()):
            known = await self._look_up(key, text)  # another process may have seen it since
            if sessions.is_idle(known.touched, now=now_us()):
                raise SessionEnded
        now, expires = now_us(), known.token.expires
        if expires is not None and now >= expires:
            self._known.pop(key, None)
            raise TokenExpired(token=known.token.name, user=known.principal.user)
        if uses and now - known.touched >= _TOUCH_US:
            known.touched = now
            self._touch(known.token)
        return known

    def _version(self, tenant: str) -> int:
        return self._changes.version(tenant=tenant, topic=users.TOPIC)

    async def _look_up(self, key: bytes, text: str) -> _Known:
        self._known.pop(key, None)
        found = await self._database.read(partial(_found, text=text))
        if found is None:
            raise TokenUnknown
        token, user, parent = found.token, found.user, found.parent or found.token
        if token.revoked is not None and token is not parent:
            raise SessionEnded
        if parent.revoked is not None:
            raise TokenRevoked(token=parent.name, user=user.name)
        if user.disabled is not None or user.deleted is not None:
            raise UserDisabled(user=user.name)
        scopes = ALL_SCOPES.intersection(token.scopes, parent.scopes)
        grant = _grant(token, found.gateway, scopes, user=user.name)
        principal = Principal(
            user=user.name,
            id=user.id,
            tenant=user.tenant,
            scopes=frozenset() if grant else scopes,
            admin=grant is None and ADMIN_ROLE in user.roles,
            expires=parent.expires,
            gateway=grant,
        )
        known = _Known(principal=principal, token=token, version=found.version, touched=token.used or 0)
        self._known[key] = known
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
            await self._database.write(partial(users.touch_token, row=token))
        except JackfieldError as error:  # the call itself goes on, or fails for a better reason
            log.warning("the last use of token `%s` was not noted: %s", token.id, error)


def _grant(token: TokenRow, gateway: GatewayRow | None, scopes: frozenset[Scope], *, user: str) -> GatewayGrant | None:
    """What a token allows at its gateway; `None` for the token of a user.

    Raises:
        TokenRevoked: Its gateway is gone.
        GatewayDisabled: Its gateway is switched off.
    """
    if token.gateway is None:
        return None
    if gateway is None or gateway.deleted is not None:
        raise TokenRevoked(token=token.name, user=user)
    if not gateway.enabled:
        raise GatewayDisabled(gateway=gateway.name)
    return GatewayGrant(gateway=gateway.id, scopes=GATEWAY_SCOPES & scopes)


def _found(connection: Connection, text: str) -> _Found | None:
    found = users.find_token(connection, text)
    if found is None:
        return None
    token, user = found
    parent = sessions.parent_of(connection, token) if token.parent else None
    gateway = gateways.get(connection, tenant=token.tenant, id=token.gateway) if token.gateway else None
    version = version_in(connection, tenant=token.tenant, topic=users.TOPIC)
    return _Found(token=token, user=user, parent=parent, gateway=gateway, version=version)
