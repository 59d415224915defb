"""What one process knows of one grant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from jackfield.credentials.oauth.grants import Held


@dataclass(slots=True)
class Slot:
    """What this process knows of one holder.

    Attributes:
        version: Of `Grants`, when it was read.
        reads: How often something was learnt.
        task: Gets new tokens.
        unkept: Keeps tokens that were got.
        judged: The generation that was refused last.
        doubts: How often new tokens were refused at once, in a row.
        doubted_until: No new ones are asked for before, since it is not their age.
    """

    held: Held | None = None
    version: int = -1
    reads: int = 0
    task: asyncio.Task[Held] | None = None
    unkept: asyncio.Task[Held | None] | None = None
    judged: int = 0
    doubts: int = 0
    doubted_until: float = 0.0

    @property
    def busy(self) -> bool:
        """Whether something is under way that would be lost with it."""
        return (self.task is not None and not self.task.done()) or self.unkept is not None

    def know(self, held: Held | None, version: int) -> None:
        """Learn what is held now."""
        self.held, self.version = held, version
        self.reads += 1
