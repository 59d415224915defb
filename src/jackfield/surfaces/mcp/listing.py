"""What `tools/list` answers: each tool as the protocol has it, a page at a time."""

from __future__ import annotations

import asyncio
import base64
import binascii
import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.agents.offered import Offered
from jackfield.agents.outline import outline
from jackfield.agents.tool import Tool
from jackfield.surfaces.mcp.outputs import output_schema
from jackfield.surfaces.mcp.own.all import ALWAYS, DESCRIBES
from jackfield.surfaces.mcp.own.tool import OwnTool
from jackfield.surfaces.mcp.visit import Gateway

SEARCH_ABOVE = 40
"""Tools, of which `auto` lists no more; where more are listed all the same, it is in outline."""
PAGE = 200
MAX_KEPT = 32

_MARK = "after:"


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some tools.

    Attributes:
        next: Where to go on; `None` where that is all.
    """

    tools: Sequence[Mapping[str, Any]]
    next: str | None


class CursorUnreadable(ValueError):
    """A client has made up where to go on."""


class Listing:
    """Lists tools. What was written once is kept while it is true."""

    def __init__(self, own: Mapping[str, OwnTool]) -> None:
        self._own = own
        self._writing = asyncio.Lock()
        self._kept: list[tuple[Offered, tuple[str, bool], Sequence[Mapping[str, Any]]]] = []

    async def page(
        self, offered: Offered, gateway: Gateway, *, more: Sequence[Mapping[str, Any]] = (), cursor: str | None = None
    ) -> Page:
        """The tools after `cursor`, by name: whatever comes or goes meanwhile, none is told twice or left out.

        Args:
            offered: Of the caller.
            more: That are no commands.
            cursor: As an earlier page gave it.

        Raises:
            CursorUnreadable: It is none.
        """
        written = await self._written(offered, gateway)
        tools = sorted([*written, *more], key=_name) if more else written
        first = bisect.bisect_right(tools, _read(cursor), key=_name) if cursor else 0
        shown = tools[first : first + PAGE]
        rest = first + PAGE < len(tools)
        return Page(tools=shown, next=_cursor(_name(shown[-1])) if rest else None)

    async def _written(self, offered: Offered, gateway: Gateway) -> Sequence[Mapping[str, Any]]:
        form = (gateway.mode, gateway.output_schemas)
        async with self._writing:  # a large catalogue is not written by all who ask at once
            for known, of, written in self._kept:
                if known is offered and of == form:
                    return written
            written = await asyncio.to_thread(self._write, offered, gateway)
            self._kept = [(offered, form, written), *self._kept[: MAX_KEPT - 1]]
            return written

    def _write(self, offered: Offered, gateway: Gateway) -> Sequence[Mapping[str, Any]]:
        if searches(offered, gateway):
            return sorted((tool.wire(offered) for tool in self._own.values()), key=_name)
        commands = [tool for tool in offered.tools if tool.name not in self._own]
        long = len(commands) > SEARCH_ABOVE
        shown = [outline(tool) for tool in commands] if long else commands
        written = [_brief(tool) if long else _wire(tool, outputs=gateway.output_schemas) for tool in shown]
        beside = [] if not commands else [ALWAYS, DESCRIBES] if long else [ALWAYS]
        return sorted([*written, *(self._own[name].wire(offered) for name in beside)], key=_name)


def searches(offered: Offered, gateway: Gateway) -> bool:
    """Whether tools are found by search, and not listed."""
    return gateway.mode == "search" or (gateway.mode == "auto" and len(offered.tools) > SEARCH_ABOVE)


def _wire(tool: Tool, *, outputs: bool) -> dict[str, Any]:
    wire: dict[str, Any] = _said(tool) | {"annotations": _hints(tool)}
    if tool.title:
        wire["title"] = tool.title
    if outputs and (schema := output_schema(tool)):
        wire["outputSchema"] = schema
    return wire


def _brief(tool: Tool) -> dict[str, Any]:
    """Without a title, and with hints only where they are not what the protocol takes for granted."""
    hints = {name: hint for name, hint in _hints(tool).items() if hint is not _GRANTED[name]}
    if tool.reads_only:  # the others say something of tools only that change something
        hints = {"readOnlyHint": True}
    return _said(tool) | ({"annotations": hints} if hints else {})


_GRANTED = {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True}


def _said(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description or tool.title or tool.command,
        "inputSchema": dict(tool.input_schema),
    }


def _hints(tool: Tool) -> dict[str, bool]:
    return {
        "readOnlyHint": tool.reads_only,
        "destructiveHint": tool.destructive,
        "idempotentHint": tool.idempotent or tool.reads_only,
        "openWorldHint": True,
    }


def _name(wire: Mapping[str, Any]) -> str:
    return str(wire["name"])


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(f"{_MARK}{name}".encode()).decode()


def _read(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor[:500], altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise CursorUnreadable from error
    if not text.startswith(_MARK):
        raise CursorUnreadable
    return text.removeprefix(_MARK)
