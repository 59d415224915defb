"""What is shown of upstream MCP servers, and of what became of their tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SyncedTool:
    """A tool that is not as it is pinned.

    Attributes:
        command: Its name here.
        tool: Its name at the server.
        fields: What is different, as `{field: {old, new}}`: `title`, `description`, `inputSchema`, `outputSchema`,
            `annotations`. `old` is null in a tool that came, `new` in one that went.
        applied: It is pinned now as the server has it.
        breaking: Calls that worked may work no more.
        reasons: What that means for callers.
    """

    command: str
    tool: str
    fields: Mapping[str, Any] = field(repr=False)
    applied: bool = False
    breaking: bool = False
    reasons: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Synced:
    """How the tools of a server differ from those that are pinned, and what was made of that.

    Attributes:
        connector: `namespace/name`.
        type: The name of its type.
        applied: Something was pinned anew; otherwise nothing was changed.
        version: Of the type, as it is now.
        added: Tools that came.
        changed: Tools that are others than they were.
        removed: Tools that went.
        kept: How many are as they are pinned.
        needed_bump: `patch`, `minor` or `major`: what applying all of it makes of the version; `None` for nothing.
        refused: Why tools of the server cannot be used, by their names.
    """

    connector: str
    type: str
    applied: bool
    version: str
    added: Sequence[SyncedTool]
    changed: Sequence[SyncedTool]
    removed: Sequence[SyncedTool]
    kept: int
    needed_bump: str | None
    refused: Mapping[str, str]
