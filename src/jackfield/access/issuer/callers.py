"""From a token of the company's issuer to the user of this installation behind it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection

from jackfield.access.errors import IdentityUnknown, IssuerTokenRefused, UserDisabled
from jackfield.access.issuer.keys import IssuerKeys
from jackfield.access.issuer.tokens import LEEWAY_S, Claims, check, is_jwt
from jackfield.access.principal import ALL_SCOPES, Principal
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.definition.secret import Secret
from jackfield.storage import identities, users
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.users import UserRow, token_hash
from jackfield.vault.watch import SecretWatch

MAX_CACHED = 1000
"""How many callers are remembered. Their tokens are kept out of the logs as long, and each is replaced every few
minutes: more of them would crowd out secrets there."""

Authenticate: TypeAlias = Callable[[str], Awaitable[Principal]]

_LEEWAY_US = microseconds(LEEWAY_S)


@dataclass(frozen=True, kw_only=True)
class _Known:
    principal: Principal
    version: int
    ends: int
    checked_with: float | None


class IssuerCallers:
    """The callers whom an issuer has given a token.

    A caller is an existing user that an administrator has linked to the token's subject: nobody gets in because the
    company has an account of them. The caller may do all that the user may, and nothing more.

    A token is checked once, and then answered from memory until something about users of the tenant has changed, in
    whatever process, the issuer's keys have been fetched again, or it ends.
    """

    def __init__(
        self,
        database: Database,
        changes: Changes,
        keys: IssuerKeys,
        watch: SecretWatch,
        *,
        issuer: str,
        audience: str,
        limit: int = MAX_CACHED,
    ) -> None:
        """Args:
        changes: Followed, so that it hears of what other processes change.
        keys: Of the issuer.
        watch: Keeps the tokens of callers out of all logs.
        issuer, audience: As tokens have them in `iss` and `aud`.
        limit: How many callers are remembered.
        """
        self._database = database
        self._changes = changes
        self._keys = keys
        self._watch = watch
        self._issuer = issuer
        self._audience = audience
        self._limit = limit
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def authenticate(self, text: str) -> Principal:
        """The caller that a JWT is of.

        Raises:
            IssuerTokenRefused: It does not count, here or now.
            IssuerUnavailable: The issuer's keys cannot be had.
            IdentityUnknown: It is nobody's that is known here.
            UserDisabled: Its user is disabled.
        """
        key = token_hash(text)
        known = self._known.get(key)
        if known is None or not self._still_counts(known):
            self._forget(key)
            known = await self._look_up(key, text)
        if now_us() >= known.ends:
            self._forget(key)
            raise IssuerTokenRefused(reason="it has expired")
        self._known.move_to_end(key)
        return known.principal

    async def close(self) -> None:
        """Ask the issuer no more."""
        await self._keys.close()

    def _still_counts(self, known: _Known) -> bool:
        version = self._changes.version(tenant=known.principal.tenant, topic=users.TOPIC)
        return known.version >= version and self._keys.are_fresh and known.checked_with == self._keys.loaded

    async def _look_up(self, key: bytes, text: str) -> _Known:
        claims = await check(text, self._keys, issuer=self._issuer, audience=self._audience, now_s=now_us() / 1_000_000)
        checked_with = self._keys.loaded
        user, version = await self._database.read(partial(_found, issuer=self._issuer, subject=claims.subject))
        if user is None:
            raise IdentityUnknown(issuer=self._issuer, subject=claims.subject)
        if user.disabled is not None or user.deleted is not None:
            raise UserDisabled(user=user.name)
        expires = int(claims.expires * 1_000_000)
        known = _Known(
            principal=_principal(user, text, claims),
            version=version,
            ends=expires + _LEEWAY_US,
            checked_with=checked_with,
        )
        self._remember(key, known, text)
        return known

    def _remember(self, key: bytes, known: _Known, text: str) -> None:
        self._watch.add(Secret(text), owner=_owner(key))
        self._known[key] = known
        self._known.move_to_end(key)
        now = now_us()
        # Those used longest ago come first, and so do those that have ended since.
        while (first := next(iter(self._known))) != key:
            if len(self._known) <= self._limit and self._known[first].ends > now:
                break
            self._forget(first)

    def _forget(self, key: bytes) -> None:
        if self._known.pop(key, None) is not None:
            self._watch.forget(_owner(key))


def either(
    tokens: Callable[[str], Awaitable[Principal]], issued: IssuerCallers
) -> Callable[[str], Awaitable[Principal]]:
    """From a token to its caller, be it one of this installation or one of the issuer."""

    async def authenticate(text: str) -> Principal:
        return await (issued.authenticate(text) if is_jwt(text) else tokens(text))

    return authenticate


def _principal(user: UserRow, text: str, claims: Claims) -> Principal:
    return Principal(
        user=user.name,
        id=user.id,
        tenant=user.tenant,
        scopes=ALL_SCOPES,
        admin=ADMIN_ROLE in user.roles,
        expires=int(claims.expires * 1_000_000),
        bearer=Secret(text),
    )


def _owner(key: bytes) -> str:
    """By what the watch knows whose token it is."""
    return f"caller {key.hex()}"


def _found(connection: Connection, *, issuer: str, subject: str) -> tuple[UserRow | None, int]:
    user = identities.find_user(connection, issuer=issuer, subject=subject)
    version = version_in(connection, tenant=user.tenant, topic=users.TOPIC) if user else 0
    return user, version
