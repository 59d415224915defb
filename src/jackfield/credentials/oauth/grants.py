"""What was granted, and where it is kept."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.secret import Secret

EARLY_S = 60.0
"""A token is renewed so long before it ends, or when nine tenths of its life are over."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """What is held of one grant. Times are of `time.monotonic` in this process.

    Attributes:
        generation: Raised by every exchange; zero where none succeeded yet.
        until: When the access token ends; infinite where nobody knows.
        early: From when on a new one is got.
        refreshable: There is a way to a new one without a person.
        ended: The error that ended it for good; empty while it lives.
        retry_at: Nobody asks for a new one before.
        scopes: What was granted; `None` where the service did not say.
    """

    generation: int
    access: Secret | None = field(default=None, repr=False)
    refresh: Secret | None = field(default=None, repr=False)
    until: float = math.inf
    early: float = math.inf
    refreshable: bool = False
    ended: str = ""
    error: str = ""
    reason: str = ""
    attempts: int = 0
    retry_at: float = 0.0
    scopes: tuple[str, ...] | None = None

    @property
    def lives(self) -> bool:
        """Whether its access token can be sent now."""
        return self.access is not None and not self.ended and time.monotonic() < self.until


def early_by(life_s: float) -> float:
    """How long before its end a token is renewed, in seconds."""
    return min(EARLY_S, life_s / 10)


def held_of(tokens: Tokens, *, generation: int, refreshable: bool) -> Held:
    """New tokens as they are held, from now on."""
    now, life = time.monotonic(), math.inf if tokens.lives_s is None else tokens.lives_s
    return Held(
        generation=generation,
        access=tokens.access,
        refresh=tokens.refresh,
        until=now + life,
        early=now + life - early_by(life) if life < math.inf else math.inf,
        refreshable=refreshable,
        scopes=tokens.scopes,
    )


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The right to be the only one who asks for new tokens of a holder.

    Attributes:
        held: What there is now that nobody else can change it; `None` where nothing was granted yet.
        interrupted: Whoever had the turn before was interrupted in the middle of an exchange.
    """

    tenant: str
    holder: str
    held: Held | None
    interrupted: bool = False
    lease: Any = field(default=None, repr=False)


class Grants(Protocol):
    """Where grants are kept, for all processes that share them."""

    def version(self, *, tenant: str, holder: str) -> int:
        """Higher than before when the grant may have changed. It costs next to nothing: every call asks."""

    async def read(self, *, tenant: str, holder: str) -> Held | None:
        """What is kept of a grant now.

        Raises:
            Undecryptable: It is there, and cannot be read.
        """

    async def turn(self, *, tenant: str, holder: str) -> Turn | None:
        """The right to ask for new tokens; `None` while somebody else has it."""

    async def prolong(self, turn: Turn) -> bool:
        """Have it longer; `False` when somebody has taken it."""

    async def keep(self, turn: Turn, tokens: Tokens, *, refreshable: bool) -> Held | None:
        """Keep new tokens, and end the turn; `None` if others have been kept since it began."""

    async def fail(self, turn: Turn, failure: ExchangeFailed, *, retry_in_s: float | None) -> bool:
        """Write down that there are none, and end the turn; `False`, and nothing, where somebody has taken it over.

        Args:
            retry_in_s: When somebody may try again; `None` for never.
        """

    async def leave(self, turn: Turn) -> None:
        """End the turn."""

    async def discard(self, *, tenant: str, connector_id: str) -> None:
        """Forget what a connector's own client was granted."""
