"""Commands as tools, in the process that has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from jackfield.access.principal import Principal
from jackfield.agents.describing import Answered, Lookup
from jackfield.agents.tool import Tool, ToolResult
from jackfield.manage.tools import Tools

Opening = Callable[[], Awaitable[tuple[Tools, Principal]]]


class EmbeddedTools:
    """Implements `surfaces.tooling.Tooling`. Looking into the catalogue costs nothing, so nothing is kept."""

    def __init__(self, opening: Opening) -> None:
        """Args:
        opening: Gives the tools, as they are now, and the caller.
        """
        self._opening = opening

    async def commands(
        self, wanted: Sequence[Lookup], *, beside: Callable[[], Iterable[Lookup]] = tuple
    ) -> Sequence[Answered]:
        """See `Tooling.commands`."""
        tools, principal = await self._opening()
        return await tools.describe(principal, wanted)

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
        """See `Tooling.retrieve`."""
        tools, principal = await self._opening()
        return await tools.retrieve(
            principal, call_id, chat_id=chat_id, fields=fields, limit=limit, start=start, characters=characters
        )

    async def note_ignored(self, tool: Tool, names: tuple[str, ...]) -> None:
        """Into the audit log, where there is one."""
        tools, principal = await self._opening()
        await tools.note_ignored(principal, tool, names)
