"""Keeping tokens that are nowhere else: those before them may be worth nothing now."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace

from jackfield.credentials.oauth.grants import Grants, Held, Turn, held_of
from jackfield.credentials.oauth.tokens import Tokens

KEPT_SOON_S = 1.0
"""Who waits for new tokens gets them after so long, though they could not be kept yet."""

KEEP_FOR_S = 600.0
"""How long it is tried to keep tokens that were got, while the database cannot be written."""

FIRST_PAUSE_S, LAST_PAUSE_S = 0.05, 0.5

log = logging.getLogger("jackfield.credentials")


@dataclass(frozen=True, kw_only=True)
class Got:
    """What an exchange gave.

    Attributes:
        asked: When it was asked for, by `time.monotonic`: from then on its life counts.
    """

    tokens: Tokens
    asked: float
    refreshable: bool

    @property
    def now(self) -> Tokens:
        """The tokens with the life that is left of them."""
        lives_s = self.tokens.lives_s
        if lives_s is None:
            return self.tokens
        return replace(self.tokens, lives_s=max(0.0, lives_s - (time.monotonic() - self.asked)))

    def held(self, generation: int) -> Held:
        """As it is held while it is not kept."""
        return held_of(self.now, generation=generation, refreshable=self.refreshable)


async def keep(grants: Grants, turn: Turn, got: Got, *, credential: str) -> Held | None:
    """Keep what was got, as long as it takes; `None` if somebody else was faster.

    Tried often, since others may use up the old tokens as soon as the database can be written again.

    Raises:
        Exception: What the database says after `KEEP_FOR_S`.
    """
    until, pause = time.monotonic() + KEEP_FOR_S, FIRST_PAUSE_S
    while True:
        try:
            return await grants.keep(turn, got.now, refreshable=got.refreshable)
        except Exception as error:  # whatever it is: giving up loses the grant
            if time.monotonic() > until:
                log.error("new tokens of %s could not be kept, and are lost: %s", credential, error)
                raise
            if pause == FIRST_PAUSE_S:
                log.warning("new tokens of %s cannot be kept yet: %s", credential, error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LAST_PAUSE_S)
