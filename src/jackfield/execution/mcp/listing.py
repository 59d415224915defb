"""The tools that a server offers, all pages of them, as far as anybody would look at."""

from __future__ import annotations

from typing import Any

import orjson
from mcp import ClientSession
from mcp_types import PaginatedRequestParams

from jackfield.definition.mcp.tools import PINNED

MAX_TOOLS = 1_000
MAX_PAGES = 100
MAX_BYTES = 8 * 1024 * 1024
"""Of all definitions together."""


class Endless(Exception):
    """A server offers more than is taken. Says what."""


async def list_tools(session: ClientSession) -> list[dict[str, Any]]:
    """Every tool, in the words of the protocol.

    Raises:
        Endless: There are too many, or their pages have no end.
        MCPError: The server refuses.
    """
    found: list[dict[str, Any]] = []
    cursor, seen, size = None, set[str](), 0
    for _ in range(MAX_PAGES):
        page = await session.list_tools(params=PaginatedRequestParams(cursor=cursor) if cursor else None)
        for tool in page.tools:
            said = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
            found.append({key: said[key] for key in PINNED if key in said})
            size += len(orjson.dumps(found[-1], default=str))
        if len(found) > MAX_TOOLS or size > MAX_BYTES:
            raise Endless(f"it offers more than {MAX_TOOLS} tools, or more than {MAX_BYTES} bytes of their definitions")
        cursor = page.next_cursor
        if not cursor:
            return found
        if cursor in seen:
            raise Endless("the pages of its tools go round in circles")
        seen.add(cursor)
    raise Endless(f"it has more than {MAX_PAGES} pages of tools")
