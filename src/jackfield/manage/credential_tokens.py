"""The tokens of credentials: renewed by hand, pasted, and revoked where they came from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.grants import Held
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.credentials.service import CredentialService
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.token_way import TokenWay, way_to_tokens
from jackfield.errors import JackfieldError
from jackfield.manage.credential_values import Pasted
from jackfield.manage.errors import CredentialNotRefreshable
from jackfield.storage import oauth_grants
from jackfield.storage.clock import microseconds

REVOKED, REVOKED_REASON = "revoked", "it was disconnected here"

_TRIES, _PAUSE_S = 50, 0.1


class CredentialTokens:
    """Asks services for the tokens of credentials, and to forget them."""

    def __init__(self, commands: ReadyCommands, service: CredentialService, grants: StoredGrants) -> None:
        self._commands = commands
        self._service = service
        self._grants = grants

    async def refresh(self, principal: Principal, credential: Credential) -> None:
        """Get a new token now, though the present one may live, and though the last attempt has failed.

        Raises:
            CredentialNotRefreshable: There is no way to one without a person.
            ReauthorizationNeeded, TokenRefreshFailed: The service gives none.
            JackfieldError: As a call whose connection is not complete.
        """
        way = await self._way(principal, credential)
        held = await self._grants.read(tenant=credential.tenant, holder=credential.id)
        if not way.source.refreshable(held.refresh if held else None):
            raise CredentialNotRefreshable(credential=credential.name, connector=way.asking.connector)
        await self._service.oauth.refresher.now(way.source)

    async def is_refreshable(self, principal: Principal, credential: Credential, pasted: Pasted) -> bool:
        """Whether the token that is pasted for a credential can be renewed without a person."""
        try:
            return (await self._way(principal, credential)).source.refreshable(pasted.refresh)
        except JackfieldError:  # what is missing may be filled in later
            return False

    async def revoke(self, principal: Principal, credential: Credential, held: Held) -> dict[str, Any]:
        """Have the service forget what is `held`, as far as it can; how that went, for the audit log."""
        try:
            way = await self._way(principal, credential)
            exchange = self._service.oauth.exchange(way.asking, way.app)
            said = [
                await exchange.revoke(token, hint=hint)
                for token, hint in ((held.refresh, "refresh_token"), (held.access, "access_token"))
                if token is not None
            ]
        except ExchangeFailed as failure:
            return {"atService": "failed", "code": failure.error}
        except JackfieldError as error:
            return {"atService": "failed", "code": error.code}
        return {"atService": "revoked" if any(said) else "not offered"}

    @asynccontextmanager
    async def alone(self, credential: Credential) -> AsyncIterator[Held | None]:
        """While nobody renews the tokens of a credential; what it holds.

        Whoever is asking the service at this moment is waited for, but not for ever: then what it is given counts for
        nothing, since the grant is another one by then.
        """
        tenant, holder = credential.tenant, credential.id
        turn = None
        for _ in range(_TRIES):
            turn = await self._grants.turn(tenant=tenant, holder=holder)
            if turn is not None:
                break
            await asyncio.sleep(_PAUSE_S)
        try:
            yield await self._grants.read(tenant=tenant, holder=holder)
        finally:
            if turn is not None:
                await self._grants.leave(turn)
            self._service.oauth.refresher.forget(tenant=tenant, holder=holder)

    def put(self, connection: Connection, credential: Credential, pasted: Pasted, *, refreshable: bool) -> None:
        """Keep a token that was pasted, instead of what there was."""
        tenant, holder = credential.tenant, credential.id
        before, _ = oauth_grants.get(connection, tenant=tenant, holder=holder)
        tokens = Tokens(access=pasted.access, refresh=pasted.refresh, lives_s=pasted.lives_s)
        generation = before.generation + 1 if before else 1
        row = self._grants.sealed(tenant, holder, tokens, generation=generation, refreshable=refreshable)
        lives_us = None if pasted.lives_s is None else microseconds(pasted.lives_s)
        oauth_grants.put(connection, row, lives_us=lives_us, after=None)

    def forget(self, credential: Credential) -> None:
        """Its tokens are others now."""
        self._service.oauth.refresher.forget(tenant=credential.tenant, holder=credential.id)

    async def _way(self, principal: Principal, credential: Credential) -> TokenWay:
        """How the service of a credential is asked.

        Raises:
            CredentialNotRefreshable: Its type has no tokens.
            JackfieldError: As `way_to_tokens`.
        """
        ready = await self._commands.connection(principal, credential.connector_id)
        way = await way_to_tokens(ready, self._service, principal, credential)
        if way is None:
            raise CredentialNotRefreshable(credential=credential.name, connector=ready.target.name)
        return way
