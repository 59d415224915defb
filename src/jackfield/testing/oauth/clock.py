"""The time of the server, which a test can move."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970: the machine's clock, with what a test has added."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stopped: float | None = None

    def now(self) -> float:
        """The time as the server sees it."""
        return (time.time() if self._stopped is None else self._stopped) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move it; back, if `seconds` are below 0."""
        self._ahead += seconds

    def stop(self) -> None:
        """Let it stand still from now on, so that it moves by `advance` alone."""
        if self._stopped is None:
            self._stopped = time.time()
