"""The end of a sign-in: the exchange with the service, and what comes of it.

It happens in a task of its own. A browser that is closed, or a caller that gives up, does not end it: a code works only
once, and what the service has given for it must not be lost.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import UnknownCredential
from jackfield.credentials.oauth.errors import SignInFailed
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.refreshing import Refresher
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.credentials.stored import opened
from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError
from jackfield.manage.sign_in_accounts import account_of
from jackfield.manage.sign_in_keeping import Got, Keeping, note_failure
from jackfield.manage.sign_in_opening import Opening, Openings
from jackfield.manage.sign_in_wishes import Wish, wish_of
from jackfield.storage import credentials, oauth_flows, users
from jackfield.storage.database import Database
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.oauth_flows import FlowRow
from jackfield.vault.masking import Mask
from jackfield.vault.records import Records

CLOSE_S = 30.0
MAX_REASON = 300
ATTEMPTS = 5

Exchanges = Callable[[Opening], Awaitable[Tokens]]
"""Asks the service for the tokens of one sign-in."""

log = logging.getLogger("jackfield.credentials")


class Finishing:
    """Ends sign-ins."""

    def __init__(
        self, database: Database, openings: Openings, refresher: Refresher, keeping: Keeping, records: Records
    ) -> None:
        self._database = database
        self._openings = openings
        self._refresher = refresher
        self._keeping = keeping
        self._records = records
        self._tasks: set[asyncio.Task[str]] = set()

    async def finish(self, flow: FlowRow, exchange: Exchanges, *, client_secret: Secret | None) -> str:
        """The id of the credential that comes of it.

        Args:
            exchange: Asks the service. Without tokens, it raises `ExchangeFailed`.
            client_secret: Of the app of one's own.

        Raises:
            ExchangeFailed: The service gave nothing. It is for the caller to say whether that ends the sign-in.
            SignInFailed: It gave something, and nothing could come of it. The sign-in has ended.
        """
        going = self._finish(flow, exchange, client_secret)
        # In a context of its own: it outlives the request that began it.
        task = asyncio.get_running_loop().create_task(going, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(partial(_over, self._tasks))
        return await asyncio.shield(task)

    async def fail(self, flow: FlowRow, *, error: str, reason: str, mask: Callable[[str], str] = str) -> SignInFailed:
        """Write down that a sign-in has failed; the error that says so."""
        code = error[:100] or "error"
        reason = " ".join(mask(reason).split())[:MAX_REASON]
        connector = str(flow.asked.get("connector_name", ""))

        def work(connection: Connection) -> None:
            if oauth_flows.end(connection, tenant=flow.tenant, id=flow.id, code=code, reason=reason):
                note_failure(connection, flow, connector=connector, error=code)

        await self._database.write(work)
        return SignInFailed(connector=connector, error=code, reason=reason)

    async def principal(self, flow: FlowRow) -> Principal:
        """Whoever has begun a sign-in, as they are now.

        Raises:
            SignInFailed: They may do nothing any more.
        """
        row = await self._database.read(partial(users.get, tenant=flow.tenant, id=flow.user_id))
        if row is None or row.disabled is not None or row.deleted is not None:
            raise await self.fail(flow, error="user_gone", reason="whoever began the sign-in is no user any more")
        return Principal(user=row.name, id=row.id, tenant=row.tenant, admin=ADMIN_ROLE in row.roles)

    async def opening(self, flow: FlowRow, principal: Principal, *, client_secret: Secret | None) -> Opening:
        """The connector as it is now, if it is still what people were sent away with.

        Raises:
            SignInFailed: It is not.
        """
        wish = wish_of(flow.asked, client_secret=client_secret)
        try:
            existing = await self.existing(flow.tenant, flow.credential_id)
            found = await self._openings.open(principal, wish, existing=existing, kind=flow.kind)
        except JackfieldError as error:
            raise await self.fail(flow, error=error.code, reason=error.message) from None
        if found.digest() != flow.asked.get("digest"):
            raise await self.fail(flow, error="connector_changed", reason="the connector was changed meanwhile")
        return found

    async def existing(self, tenant: str, credential_id: str) -> Credential | None:
        """The credential to connect again, opened; `None` where a new one is made.

        Raises:
            UnknownCredential: It is gone.
            Undecryptable: It cannot be read.
        """
        if not credential_id:
            return None
        row = await self._database.read(partial(credentials.get, tenant=tenant, id=credential_id))
        if row is None:
            raise UnknownCredential(credential=credential_id, known=[])
        return opened(row, self._records)

    async def close(self) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_S)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _finish(self, flow: FlowRow, exchange: Exchanges, client_secret: Secret | None) -> str:
        principal = await self.principal(flow)
        opening = await self.opening(flow, principal, client_secret=client_secret)
        try:
            tokens = await exchange(opening)
        except SignInFailed:
            raise
        except JackfieldError as error:  # a policy that forbids its address
            raise await self.fail(flow, error=error.code, reason=error.message) from None
        wish = wish_of(flow.asked, client_secret=client_secret)
        credential_id = await self._kept(flow, wish, opening, principal, tokens)
        self._refresher.forget(tenant=flow.tenant, holder=credential_id)
        return credential_id

    async def _kept(self, flow: FlowRow, wish: Wish, opening: Opening, principal: Principal, tokens: Tokens) -> str:
        account = await account_of(opening, tokens, opening.exchange.pool)
        got = Got(flow=flow, wish=wish, opening=opening, principal=principal, tokens=tokens, account=account)

        def work(connection: Connection) -> str:
            return self._keeping.keep(connection, got)

        mask = Mask(tuple(token for token in (tokens.access, tokens.refresh) if token)).text
        try:
            for _ in range(ATTEMPTS - 1):
                with suppress(AlreadyExists, RevisionConflict):  # another sign-in was faster: theirs can be seen now
                    return await self._database.write(work)
            return await self._database.write(work)
        except JackfieldError as error:
            code = str(error.details.get("error") or error.code)
            reason = str(error.details.get("reason") or error.message)
            raise await self.fail(flow, error=code, reason=reason, mask=mask) from None


def _over(tasks: set[asyncio.Task[str]], task: asyncio.Task[str]) -> None:
    """Nobody may be there any more to hear of its failure, which is written down."""
    tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) and not isinstance(error, JackfieldError | ExchangeFailed):
        log.error("a sign-in ended unexpectedly", exc_info=error)
