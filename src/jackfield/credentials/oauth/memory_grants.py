"""Grants of one process, as long as it lives."""

from __future__ import annotations

import time
from dataclasses import replace

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.grants import Held, Turn, held_of
from jackfield.credentials.oauth.tokens import Tokens

MAX_KEPT = 10_000


class MemoryGrants:
    """A `Grants` without a database."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Held] = {}
        self._turns: set[tuple[str, str]] = set()

    def version(self, *, tenant: str, holder: str) -> int:
        """Nobody else changes them."""
        return 0

    async def read(self, *, tenant: str, holder: str) -> Held | None:
        """What is kept."""
        return self._kept.get((tenant, holder))

    async def turn(self, *, tenant: str, holder: str) -> Turn | None:
        """The right to ask, one at a time."""
        key = (tenant, holder)
        if key in self._turns:
            return None
        self._turns.add(key)
        return Turn(tenant=tenant, holder=holder, held=self._kept.get(key))

    async def prolong(self, turn: Turn) -> bool:
        """It does not end by itself."""
        return True

    async def keep(self, turn: Turn, tokens: Tokens, *, refreshable: bool) -> Held | None:
        """Keep new tokens."""
        key = (turn.tenant, turn.holder)
        await self.leave(turn)
        if not self._is_unchanged(turn):
            return None
        if len(self._kept) >= MAX_KEPT and key not in self._kept:
            del self._kept[next(iter(self._kept))]
        generation = turn.held.generation + 1 if turn.held else 1
        held = self._kept[key] = held_of(tokens, generation=generation, refreshable=refreshable)
        return held

    async def fail(self, turn: Turn, failure: ExchangeFailed, *, retry_in_s: float | None) -> bool:
        """Write down a failure."""
        await self.leave(turn)
        if not self._is_unchanged(turn):
            return True
        before = turn.held or Held(generation=0)
        self._kept[turn.tenant, turn.holder] = replace(
            before,
            ended=failure.error if retry_in_s is None else "",
            error=failure.error,
            reason=failure.reason,
            attempts=before.attempts + 1,
            retry_at=time.monotonic() + (retry_in_s or 0.0),
        )
        return True

    async def discard(self, *, tenant: str, connector_id: str) -> None:
        """Forget them."""
        begin = f"connector:{connector_id}:"
        self._kept = {key: held for key, held in self._kept.items() if key[0] != tenant or not key[1].startswith(begin)}

    async def leave(self, turn: Turn) -> None:
        """End the turn."""
        self._turns.discard((turn.tenant, turn.holder))

    def _is_unchanged(self, turn: Turn) -> bool:
        """Whether there is still what there was when the turn began."""
        held = self._kept.get((turn.tenant, turn.holder))
        return (held.generation if held else 0) == (turn.held.generation if turn.held else 0)
