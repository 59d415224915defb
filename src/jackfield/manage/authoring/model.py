"""The language model that helps to write scripts."""

from __future__ import annotations

from typing import Protocol

LONGEST_ANSWER = 200_000
"""Characters. A script may have more, but none that a model writes in one go."""
MOST_TOKENS = 16_000


class Model(Protocol):
    """Asks a language model."""

    async def ask(self, system: str, text: str) -> str:
        """What it says.

        Args:
            system: What it is for.
            text: What is wanted.

        Raises:
            JackfieldError: There is no answer, not in time, or none that can be read.
        """
