"""What the tools of a program need of the place where their commands are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from jackfield.agents.describing import Answered, Lookup
from jackfield.agents.tool import Tool, ToolResult


class Tooling(Protocol):
    """Describes commands, and keeps results. What a model may set is judged by whoever makes the call."""

    async def commands(
        self, wanted: Sequence[Lookup], *, beside: Callable[[], Iterable[Lookup]] = tuple
    ) -> Sequence[Answered]:
        """What is wanted, in the same order.

        Args:
            wanted: Connectors and commands.
            beside: What else will be wanted soon: whoever has to ask elsewhere asks for that in the same request.

        Raises:
            JackfieldError: Nothing can be described now, or to this caller.
        """

    async def retrieve(
        self,
        call_id: str,
        *,
        chat_id: str | None = None,
        fields: tuple[str, ...] = (),
        limit: int | None = None,
        start: int = 0,
        characters: int,
    ) -> ToolResult:
        """More of an earlier result; see `manage.tools.Tools.retrieve`."""

    async def note_ignored(self, tool: Tool, names: tuple[str, ...]) -> None:
        """A model tried to set params that are not its own."""
