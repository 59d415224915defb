"""Renewing tokens before anybody needs them: what servers do beside their calls.

A credential that nobody has used for a while is alive all the same, since many services forget a refresh token that is
not used; and no call waits for an exchange.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import random
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.oauth.refreshing import Source
from jackfield.credentials.service import CredentialService
from jackfield.credentials.stored import opened
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.token_way import way_to_tokens
from jackfield.errors import JackfieldError
from jackfield.storage import credentials, oauth_grants
from jackfield.storage.clock import microseconds
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.database import Database
from jackfield.storage.oauth_grants import GrantRow
from jackfield.vault.records import Records

EVERY_S = 5 * 60.0
AHEAD_S = 15 * 60.0
"""Tokens that end within this time are renewed: three rounds, so that one may fail."""

GIVES_UP_AFTER = 10
"""Attempts that failed in a row. Then only a call or a person tries again; the credential's status says so."""

AT_ONCE = 4

log = logging.getLogger("jackfield.credentials")


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round has done, by ids of credentials.

    Attributes:
        renewed: By this process or, meanwhile, by another.
        failed: Why is written down with the grant.
        skipped: They cannot be renewed as things are: their connector, app or approval is not there.
    """

    renewed: list[str]
    failed: list[str]
    skipped: list[str]


class TokenUpkeep:
    """Renews what ends soon, of all tenants; several servers may, each token is renewed once."""

    def __init__(
        self,
        database: Database,
        commands: ReadyCommands,
        service: CredentialService,
        records: Records,
        *,
        every_s: float = EVERY_S,
    ) -> None:
        """Args:
        records: Opens credentials.
        every_s: Seconds between two rounds, give or take a fifth: servers that began together drift apart.
        """
        self._database = database
        self._commands = commands
        self._service = service
        self._records = records
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with a first round soon."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._go_on(), context=contextvars.Context())

    async def close(self) -> None:
        """Stop. What was asked of a service goes on, and is kept: see `Refresher.close`."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def round(self) -> Round:
        """Renew what ends soon, a few at a time.

        Raises:
            JackfieldError: The database cannot be read.
        """
        done, after = Round(renewed=[], failed=[], skipped=[]), (-1, "")
        places = asyncio.Semaphore(AT_ONCE)
        while found := await self._due(after):
            await asyncio.gather(*(self._renew(grant, row, done, places) for grant, row in found))
            last = found[-1][0]
            after = (last.expires or 0, last.holder)
        return done

    async def _go_on(self) -> None:
        await asyncio.sleep(self._every_s * 0.1 * random.random())  # noqa: S311  # it only spreads servers
        while True:
            try:
                await self.round()
            except JackfieldError as error:
                log.warning("tokens are not renewed ahead of their end: %s", error.message)
            except Exception:
                log.exception("tokens are not renewed ahead of their end")
            await asyncio.sleep(self._every_s * (0.8 + 0.4 * random.random()))  # noqa: S311

    async def _due(self, after: tuple[int, str]) -> list[tuple[GrantRow, CredentialRow | None]]:
        find = partial(oauth_grants.due, within_us=microseconds(AHEAD_S), attempts=GIVES_UP_AFTER, after=after)

        def work(connection: Connection) -> list[tuple[GrantRow, CredentialRow | None]]:
            return [(row, credentials.get(connection, tenant=row.tenant, id=row.holder)) for row in find(connection)]

        return await self._database.read(work)

    async def _renew(self, grant: GrantRow, row: CredentialRow | None, done: Round, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                source = None if row is None else await self._source(opened(row, self._records))
            except JackfieldError as error:
                log.info("tokens of the credential %s are not renewed: %s", grant.holder, error.message)
                source = None
            if source is None:
                done.skipped.append(grant.holder)
                return
            try:
                held = await self._service.oauth.refresher.ahead(source, seen=grant.generation)
            except JackfieldError:  # it is noted with the grant, and in the log
                done.failed.append(grant.holder)
            except Exception:
                log.exception("tokens of %s are not renewed", source.credential)
                done.failed.append(grant.holder)
            else:
                (done.renewed if held.generation != grant.generation else done.failed).append(grant.holder)

    async def _source(self, credential: Credential) -> Source | None:
        """How its service is asked, in the name of whoever has put it; `None` if its type has no tokens, or it is
        not there any more.

        Raises:
            JackfieldError: As a call of theirs whose connection is not complete.
        """
        principal = Principal(user=credential.decider, id=credential.decider, tenant=credential.tenant)
        ready = await self._commands.connection(principal, credential.connector_id)
        way = await way_to_tokens(ready, self._service, principal, credential)
        return None if way is None else way.source
