"""Keeping tokens alive: one exchange for each expiry, whoever notices it, in whatever process.

- In a process, all who need a new token of a holder wait for one task. It is not theirs: who gives up waiting does not
  end it, since a refresh token may work only once and its answer must not be lost.
- Among processes, a lease says whose turn it is. Whoever has it looks once more at what is kept before asking.
- What was got is kept if nobody has kept anything newer. A failure is written down only where no success is.
- What ended a grant for good is written down, and nobody asks again. What passes is written down with the time of the
  next attempt, for everybody.

Source: RFC 6749, section 6; RFC 9700, section 4.14.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import math
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from jackfield.credentials.oauth.errors import ReauthorizationNeeded, TokenRefreshFailed
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.grants import Grants, Held, Turn
from jackfield.credentials.oauth.keeping import KEPT_SOON_S, Got, keep
from jackfield.credentials.oauth.retrying import retry_in, told_why
from jackfield.credentials.oauth.slots import Slot
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError

MAX_KEPT = 20_000

PATIENCE_S = 5.0
"""A call waits so long for the next attempt, and no longer: rather it says so."""

POLL_S, MAX_POLL_S = 0.02, 0.5
PROLONG_S = 4.0
CLOSE_S = 30.0

INTERRUPTED_S = 2.0
"""Whoever was interrupted may be alive, and about to keep what it has got: so long it is given to do so."""

DOUBTS = (5.0, 30.0, 120.0, 300.0)
"""Seconds without asking for another token after new ones were refused at once, by how often that happened in a row."""

log = logging.getLogger("jackfield.credentials")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One grant, and how new tokens are got for it.

    Attributes:
        holder: By what it is kept.
        obtain: Asks the service, with the refresh token if there is one.
        refreshable: Whether tokens that came with such a refresh token can be followed by others without a person.
        credential, connector: For people.
        credential_id: Of the credential that is to be connected again; `None` of a client of its own.
    """

    tenant: str
    holder: str
    obtain: Callable[[Secret | None], Awaitable[Tokens]]
    refreshable: Callable[[Secret | None], bool]
    credential: str
    connector: str
    credential_id: str | None = None


@dataclass(kw_only=True)
class Refresher:
    """Gives tokens that live."""

    grants: Grants
    _slots: dict[tuple[str, str], Slot] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _closed: bool = False

    def peek(self, source: Source) -> Held | None:
        """The token, if it is known to live for a while; costs next to nothing."""
        slot = self._slots.get((source.tenant, source.holder))
        if (
            slot is None
            or slot.held is None
            or slot.version < self.grants.version(tenant=source.tenant, holder=source.holder)
        ):
            return None
        held = slot.held
        return held if not held.ended and held.access is not None and time.monotonic() < held.early else None

    async def current(self, source: Source) -> Held:
        """A token that lives. One that ends soon is renewed meanwhile.

        Raises:
            ReauthorizationNeeded: There is none, and only a person can change that.
            TokenRefreshFailed: There is none now.
            Undecryptable: It cannot be read.
        """
        if (found := self.peek(source)) is not None:
            return found
        held = await self._read(source)
        if held is not None and held.lives:
            if held.refreshable and held.early <= time.monotonic() and held.retry_at <= time.monotonic():
                self._begin(source, seen=held.generation)
            return held
        return await self._renewed(source, seen=held.generation if held else 0)

    async def renew(self, source: Source, *, seen: int) -> Held | None:
        """A newer token than that of generation `seen`, which the service has refused; `None` where there is none.

        There is none either while new tokens are refused as well: then it is not their age.

        Raises: as `current`.
        """
        slot = self._slot(source)
        held = slot.held
        if held is None or held.generation <= seen:
            held = await self._read(source, anew=True)
        if (newer := _newer(held, seen)) is not None:
            return newer
        if held is not None and not held.refreshable and not held.ended:
            return None  # it may have been refused for another reason
        if time.monotonic() < slot.doubted_until:
            return None
        return await self._renewed(source, seen=seen)

    async def look(self, source: Source) -> Secret | None:
        """The token as far as it is there, alive or not; nobody is asked for one.

        Raises:
            ReauthorizationNeeded: There is none, and only a person can change that.
            Undecryptable: It cannot be read.
        """
        held = await self._read(source)
        if held is not None and held.ended:
            raise self._ended_error(source, held.ended, held.reason)
        return None if held is None else held.access

    def judge(self, source: Source, *, accepted: bool, generation: int) -> None:
        """Learn whether a service has taken a token that was renewed because it had refused the one before.

        Args:
            generation: Of that token. However many calls it was refused to, that is one refusal.
        """
        slot = self._slot(source)
        if accepted:
            slot.doubts, slot.doubted_until = 0, 0.0
        elif slot.judged != generation:
            slot.judged = generation
            slot.doubted_until = time.monotonic() + DOUBTS[min(slot.doubts, len(DOUBTS) - 1)]
            slot.doubts += 1

    async def ahead(self, source: Source, *, seen: int) -> Held:
        """One attempt to get new tokens before those of generation `seen` end.

        Whoever has got some meanwhile has done it. While the present ones live, they are what a failure leaves.

        Raises: as `current`.
        """
        return await asyncio.shield(self._begin(source, seen=seen))

    async def now(self, source: Source) -> Held:
        """New tokens, though the present ones may live, and though the last attempt has failed.

        Raises: as `current`.
        """
        held = await self._read(source)
        return await self._renewed(source, seen=held.generation if held else 0, insist=True)

    def forget(self, *, tenant: str, holder: str) -> None:
        """What is kept of it has changed by other ways."""
        if slot := self._slots.get((tenant, holder)):
            slot.know(None, -1)

    async def close(self) -> None:
        """Wait for what is under way: an answer that nobody keeps would be a grant lost."""
        self._closed = True
        until = time.monotonic() + CLOSE_S
        while self._tasks and (left := until - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _renewed(self, source: Source, *, seen: int, insist: bool = False) -> Held:
        """New tokens from a task that others may wait for too; a failure that passes soon is waited for."""
        until = time.monotonic() + PATIENCE_S
        while True:
            task = self._begin(source, seen=seen, insist=insist)
            try:
                held = await asyncio.shield(task)
                if held.generation != seen:
                    return held
                continue  # that task had begun for an older one
            except TokenRefreshFailed as failure:
                wait = float(failure.details["retryAfter"])
                if insist or self._closed or time.monotonic() + wait > until:
                    raise
            await asyncio.sleep(wait)

    def _begin(self, source: Source, *, seen: int, insist: bool = False) -> asyncio.Task[Held]:
        slot = self._slot(source)
        if slot.task is None or slot.task.done():
            slot.task = self._task(self._exchange(source, slot, seen=seen, insist=insist))
        return slot.task

    def _task(self, going: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that outlives the call that began it, in a context of its own."""
        task = asyncio.get_running_loop().create_task(going, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits is told; if nobody does, it was noted already

    async def _exchange(self, source: Source, slot: Slot, *, seen: int, insist: bool) -> Held:
        while True:
            if slot.unkept is not None:
                await asyncio.wait([slot.unkept])
            turn = await self._turn(source, seen=seen, insist=insist)
            held = turn if isinstance(turn, Held) else await self._in_turn(source, slot, turn, insist=insist)
            if held is not None:
                return held

    async def _turn(self, source: Source, *, seen: int, insist: bool) -> Turn | Held:
        """The right to ask for new tokens, or those that somebody else has got meanwhile."""
        pause = POLL_S
        while True:
            held = await self._read(source, anew=True)
            if (newer := _newer(held, seen)) is not None:
                return newer
            self._refuse_ended(source, held, insist=insist)
            if self._closed:
                raise self._passing_error(source, "closing", "this process is ending", 1.0)
            turn = await self.grants.turn(tenant=source.tenant, holder=source.holder)
            if turn is None:
                await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311  # it spreads those who wait
                pause = min(pause * 2, MAX_POLL_S)
                continue
            try:
                held = await self._settled(turn)
                if (newer := _newer(held, seen)) is not None:
                    await self.grants.leave(turn)
                    return self._know(source, newer)
                self._refuse_ended(source, held, insist=insist)
            except JackfieldError:
                await self.grants.leave(turn)
                raise
            if _generation(held) == _generation(turn.held):
                return turn
            await self.grants.leave(turn)

    async def _settled(self, turn: Turn) -> Held | None:
        """What is held now that it is our turn. Who was interrupted before us gets a moment to keep what it has."""
        held, until = turn.held, time.monotonic() + (INTERRUPTED_S if turn.interrupted else 0.0)
        while _generation(held) == _generation(turn.held) and time.monotonic() < until:
            await asyncio.sleep(POLL_S * 5)
            held = await self.grants.read(tenant=turn.tenant, holder=turn.holder)
        return held

    async def _in_turn(self, source: Source, slot: Slot, turn: Turn, *, insist: bool) -> Held | None:
        """What asking gives; `None` where others have been faster, so that it is to be looked at anew."""
        refresh = turn.held.refresh if turn.held else None
        asked, prolonging = time.monotonic(), self._task(self._prolong(turn))
        try:
            tokens = await source.obtain(refresh)
        except ExchangeFailed as failure:
            prolonging.cancel()
            return await self._failed(source, turn, failure, insist=insist)
        except asyncio.CancelledError:
            prolonging.cancel()  # the turn lapses by itself: whoever has it next shall know that it was interrupted
            raise
        except BaseException:
            prolonging.cancel()
            with suppress(JackfieldError):
                await self.grants.leave(turn)
            raise
        if tokens.refresh is None and refresh is not None:
            tokens = replace(tokens, refresh=refresh)  # it stays where none is given (RFC 6749, section 6)
        got = Got(tokens=tokens, asked=asked, refreshable=source.refreshable(tokens.refresh))
        slot.unkept = self._task(self._keep(source, slot, turn, got, prolonging))
        done, _ = await asyncio.wait([slot.unkept], timeout=KEPT_SOON_S)
        if not done:  # it is used meanwhile
            return self._know(source, got.held(_generation(turn.held) + 1))
        return done.pop().result()

    async def _keep(
        self, source: Source, slot: Slot, turn: Turn, got: Got, prolonging: asyncio.Task[None]
    ) -> Held | None:
        """What was got as it is kept; `None` where somebody was faster."""
        try:
            kept = await keep(self.grants, turn, got, credential=source.credential)
        finally:
            prolonging.cancel()
            slot.unkept = None
            slot.know(None, -1)
        if kept is not None:
            return self._know(source, kept)
        if await self._read(source, anew=True) is None:
            raise self._ended_error(source, "revoked", "it was disconnected meanwhile")
        return None

    async def _failed(self, source: Source, turn: Turn, failure: ExchangeFailed, *, insist: bool) -> Held | None:
        """What to do when there are no new tokens. Others may have got some, which counts more."""
        newest = await self._read(source, anew=True)
        if newest is not None and newest.generation != _generation(turn.held):
            await self.grants.leave(turn)
            return newest if newest.lives else None
        if failure.refresh is not None:
            again = await self._salvaged(source, turn, failure.refresh)
            if again is None:
                return None
            turn, newest = again, again.held
        failure = told_why(failure, turn)
        retry_in_s = retry_in(failure, turn.held.attempts if turn.held else 0)
        ours = await self.grants.fail(turn, failure, retry_in_s=retry_in_s)
        self.forget(tenant=source.tenant, holder=source.holder)
        if not ours:  # we were stopped for so long that somebody else asks now: what they are told counts
            return None
        log.warning("no new token for %s of %s: %s", source.credential, source.connector, failure)
        if newest is not None and newest.lives and failure.kind != "ended" and not insist:
            return newest
        if retry_in_s is None:
            raise self._ended_error(source, failure.error, failure.reason)
        raise self._passing_error(source, failure.error, failure.reason, retry_in_s)

    async def _salvaged(self, source: Source, turn: Turn, refresh: Secret) -> Turn | None:
        """Our turn once more, after a refresh token was kept that came without an access token of use.

        The one before it is used up.
        """
        if turn.held is None or turn.held.access is None:
            return turn
        left_s = max(0.0, turn.held.until - time.monotonic())
        tokens = Tokens(access=turn.held.access, refresh=refresh, lives_s=left_s if left_s < math.inf else None)
        got = Got(tokens=tokens, asked=time.monotonic(), refreshable=source.refreshable(refresh))
        if await keep(self.grants, turn, got, credential=source.credential) is None:
            return None
        return await self.grants.turn(tenant=turn.tenant, holder=turn.holder)

    async def _prolong(self, turn: Turn) -> None:
        while True:
            await asyncio.sleep(PROLONG_S)
            with suppress(JackfieldError):
                if not await self.grants.prolong(turn):
                    return

    async def _read(self, source: Source, *, anew: bool = False) -> Held | None:
        slot, version = self._slot(source), self.grants.version(tenant=source.tenant, holder=source.holder)
        if slot.held is not None and slot.unkept is not None:
            return slot.held  # newer than anything that is kept
        if slot.held is not None and slot.version >= version and slot.held.lives and not anew:
            return slot.held
        reads = slot.reads
        held = await self.grants.read(tenant=source.tenant, holder=source.holder)
        if slot.reads != reads and _generation(held) < _generation(slot.held):
            return slot.held  # it was learnt meanwhile from somebody who has looked later
        slot.know(held, version)
        return held

    def _know(self, source: Source, held: Held) -> Held:
        self._slot(source).know(held, self.grants.version(tenant=source.tenant, holder=source.holder))
        return held

    def _slot(self, source: Source) -> Slot:
        key = (source.tenant, source.holder)
        slot = self._slots.get(key)
        if slot is None:
            if len(self._slots) >= MAX_KEPT:
                self._slots = {kept: each for kept, each in self._slots.items() if each.busy}
            slot = self._slots[key] = Slot()
        return slot

    def _refuse_ended(self, source: Source, held: Held | None, *, insist: bool) -> None:
        """Do nothing if it is of use to ask for new tokens now.

        Raises:
            ReauthorizationNeeded, TokenRefreshFailed: It is not.
        """
        if held is None:
            return
        if held.ended and not insist:
            raise self._ended_error(source, held.ended, held.reason)
        if not insist and (wait := held.retry_at - time.monotonic()) > 0:
            raise self._passing_error(source, held.error, held.reason, wait)

    def _ended_error(self, source: Source, error: str, reason: str) -> ReauthorizationNeeded:
        return ReauthorizationNeeded(
            credential=source.credential,
            connector=source.connector,
            error=error,
            reason=reason,
            credential_id=source.credential_id,
        )

    def _passing_error(self, source: Source, error: str, reason: str, wait: float) -> TokenRefreshFailed:
        return TokenRefreshFailed(
            credential=source.credential,
            connector=source.connector,
            error=error,
            reason=reason,
            retry_after_s=wait,
        )


def _generation(held: Held | None) -> int:
    return held.generation if held else 0


def _newer(held: Held | None, seen: int) -> Held | None:
    """What is held, if it can be sent and is another than of generation `seen`. Who signs in anew may begin at 1."""
    return held if held is not None and held.generation != seen and held.lives else None
