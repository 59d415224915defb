"""Grants in the database, for all processes that use it.

A lease says whose turn it is; what its holder tells its successor is that an exchange is under way, so that one which
was interrupted is known of.
"""

from __future__ import annotations

import math
import time
from functools import partial

from sqlalchemy import Connection

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.grants import Held, Turn, early_by
from jackfield.credentials.oauth.tokens import Tokens, from_bytes
from jackfield.storage import leases, oauth_grants
from jackfield.storage.changes import Changes
from jackfield.storage.clock import microseconds
from jackfield.storage.database import Database
from jackfield.storage.ids import new_id
from jackfield.storage.leases import Lease
from jackfield.storage.oauth_grants import GrantRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.sealed import SealContext
from jackfield.vault.watch import SecretWatch

LEASE_S = 15.0
_UNDER_WAY = {"exchange": "under way"}


class StoredGrants:
    """A `Grants` on a database."""

    def __init__(self, database: Database, changes: Changes, envelope: Envelope, watch: SecretWatch) -> None:
        self._database = database
        self._changes = changes
        self._envelope = envelope
        self._watch = watch

    def version(self, *, tenant: str, holder: str) -> int:
        """Of the newest change that this process has heard of."""
        return self._changes.version(tenant=tenant, topic=oauth_grants.topic_of(holder))

    async def read(self, *, tenant: str, holder: str) -> Held | None:
        """What is kept."""
        row, now = await self._database.read(partial(oauth_grants.get, tenant=tenant, holder=holder))
        return None if row is None else self._held(row, now)

    async def turn(self, *, tenant: str, holder: str) -> Turn | None:
        """The lease, and what is kept now that it is had."""
        owner = new_id()

        def work(connection: Connection) -> tuple[Lease, bool, GrantRow | None, int] | None:
            taken = leases.acquire(connection, tenant=tenant, name=_name(holder), owner=owner, for_s=LEASE_S)
            if taken is None:
                return None
            lease = leases.renew(connection, taken, for_s=LEASE_S, data=_UNDER_WAY)
            if lease is None:
                return None
            return lease, taken.data == _UNDER_WAY, *oauth_grants.get(connection, tenant=tenant, holder=holder)

        found = await self._database.write(work)
        if found is None:
            return None
        lease, interrupted, row, now = found
        held = None if row is None else self._held(row, now)
        return Turn(tenant=tenant, holder=holder, held=held, interrupted=interrupted, lease=lease)

    async def prolong(self, turn: Turn) -> bool:
        """Renew the lease."""
        renewed = await self._database.write(lambda connection: leases.renew(connection, turn.lease, for_s=LEASE_S))
        return renewed is not None

    async def keep(self, turn: Turn, tokens: Tokens, *, refreshable: bool) -> Held | None:
        """Keep new tokens, if nobody has kept others since the turn began."""
        before = turn.held.generation if turn.held else 0
        row = self.sealed(turn.tenant, turn.holder, tokens, generation=before + 1, refreshable=refreshable)
        lives_us = None if tokens.lives_s is None else microseconds(tokens.lives_s)

        def work(connection: Connection) -> tuple[GrantRow | None, int]:
            stored = oauth_grants.put(connection, row, lives_us=lives_us, after=before)
            leases.release(connection, turn.lease, data=None)
            return stored, oauth_grants.now_in(connection)

        stored, now = await self._database.write(work)
        return None if stored is None else self._held(stored, now)

    async def fail(self, turn: Turn, failure: ExchangeFailed, *, retry_in_s: float | None) -> bool:
        """Write down a failure, unless others have succeeded since the turn began, or are about to."""

        def work(connection: Connection) -> bool:
            if not leases.release(connection, turn.lease, data=None):
                return False
            oauth_grants.note_failure(
                connection,
                tenant=turn.tenant,
                holder=turn.holder,
                generation=turn.held.generation if turn.held else 0,
                code=failure.error,
                reason=failure.reason,
                retry_in_us=None if retry_in_s is None else microseconds(retry_in_s),
            )
            return True

        return await self._database.write(work)

    async def leave(self, turn: Turn) -> None:
        """Release the lease."""
        await self._database.write(lambda connection: leases.release(connection, turn.lease, data=None))

    async def discard(self, *, tenant: str, connector_id: str) -> None:
        """Delete them."""
        own = partial(oauth_grants.remove_of_connector, tenant=tenant, connector_id=connector_id)
        await self._database.write(own)

    def sealed(self, tenant: str, holder: str, tokens: Tokens, *, generation: int, refreshable: bool) -> GrantRow:
        """The row of new tokens."""
        context = _context(tenant, holder, generation)
        self._watch.add(*(token for token in (tokens.access, tokens.refresh) if token), owner=_owner(tenant, holder))
        return GrantRow(
            tenant=tenant,
            holder=holder,
            generation=generation,
            sealed=self._envelope.seal(tokens.to_bytes(), context),
            scopes=tokens.scopes,
            refreshable=refreshable,
        )

    def _held(self, row: GrantRow, now_us: int) -> Held:
        now = time.monotonic()
        access = refresh = None
        if row.sealed is not None:
            access, refresh = from_bytes(
                self._envelope.open(row.sealed, _context(row.tenant, row.holder, row.generation))
            )
            self._watch.add(*(token for token in (access, refresh) if token), owner=_owner(row.tenant, row.holder))
        left_s = math.inf if row.expires is None else (row.expires - now_us) / 1_000_000
        return Held(
            generation=row.generation,
            access=access,
            refresh=refresh,
            until=now + left_s,
            early=now + left_s - early_by(_life_s(row)) if left_s < math.inf else math.inf,
            refreshable=row.refreshable,
            ended=row.code if row.ended is not None else "",
            error=row.code,
            reason=row.reason,
            attempts=row.attempts,
            retry_at=0.0 if row.retry_at is None else now + (row.retry_at - now_us) / 1_000_000,
            scopes=None if row.scopes is None else tuple(row.scopes),
        )


def _life_s(row: GrantRow) -> float:
    if row.expires is None or row.obtained is None:
        return math.inf
    return max(0.0, (row.expires - row.obtained) / 1_000_000)


def _name(holder: str) -> str:
    return f"oauth:{holder}"


def _context(tenant: str, holder: str, generation: int) -> SealContext:
    return SealContext(tenant=tenant, kind="oauth-grant", id=holder, version=generation)


def _owner(tenant: str, holder: str) -> str:
    return f"{tenant}\0oauth-grant\0{holder}"
