"""What can go wrong between a command and the MCP server that has its tool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.definition.names import closest
from jackfield.errors import JackfieldError

_SHOWN = 20


class ToolChanged(JackfieldError):
    """An MCP server defines a tool otherwise than was approved."""

    code = "tool-changed"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str, command: str, tool: str, fields: Sequence[str]) -> None:
        named = ", ".join(f"`{field}`" for field in fields)
        super().__init__(
            f"the MCP server of `{connector}` now defines the tool `{tool[:200]}` with another {named}, "
            "which nobody has approved",
            hint=f"look at what is different with `jackfield connectors sync {connector}`, and apply it if it is meant",
            connector=connector,
            command=command,
            tool=tool[:200],
            fields=list(fields),
        )


class ToolRemoved(JackfieldError):
    """An MCP server no longer has the tool of a command."""

    code = "tool-removed"
    status = 404
    retry = "after_fix"

    def __init__(self, *, connector: str, command: str, tool: str, known: Sequence[str]) -> None:
        close = closest(tool, known)
        listed = ", ".join(f"`{name[:100]}`" for name in known[:_SHOWN]) or "none"
        more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
        hint = f"did it become `{close[:100]}`?" if close else f"it has {listed}{more};"
        super().__init__(
            f"the MCP server of `{connector}` no longer has the tool `{tool[:200]}`",
            hint=f"{hint} `jackfield connectors sync {connector}` shows what is different",
            connector=connector,
            command=command,
            tool=tool[:200],
            known=[name[:100] for name in known[:_SHOWN]],
        )


class McpCommandNotListed(JackfieldError):
    """A connector names a program as its MCP server that the operator does not list."""

    code = "mcp-command-not-listed"
    status = 422
    retry = "after_fix"

    def __init__(self, *, command: str, listed: Sequence[str]) -> None:
        there = f"; listed are {', '.join(f'`{name}`' for name in listed)}" if listed else ""
        super().__init__(
            f"`{command[:100]}` is no program that may be started as an MCP server",
            hint=f"ask the operator to list it in `JACKFIELD_MCP_COMMANDS`{there}",
            command=command[:100],
            listed=list(listed),
        )


class McpFailed(JackfieldError):
    """An MCP server did not answer as the protocol says, or refused a request."""

    code = "mcp-failed"
    status = 502
    retry = "later"
    ran = True

    def __init__(self, *, connector: str, reason: str, rpc_code: int | None = None) -> None:
        super().__init__(
            f"the MCP server of `{connector}` failed: {reason[:1000]}",
            hint="look at the log of the server, and that `mcpServer` names one that speaks MCP",
            connector=connector,
            reason=reason[:1000],
            rpcCode=rpc_code,
        )


class McpServerEnded(JackfieldError):
    """The program that is an MCP server ended, or could not be started."""

    code = "mcp-server-ended"
    status = 502
    retry = "later"
    ran = True

    def __init__(self, *, command: str, reason: str) -> None:
        super().__init__(
            f"the MCP server `{command}` {reason}",
            hint="call again: it is started anew; its own words are in the server's log at level `debug`",
            command=command,
            reason=reason,
        )


class UpstreamToolFailed(JackfieldError):
    """A tool of an MCP server reported a failure of its own."""

    code = "upstream-tool-failed"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, tool: str, said: str, content: Any) -> None:
        super().__init__(
            said or f"the tool `{tool[:200]}` failed, and did not say why",
            hint="the tool's whole answer is in `diagnostics.content`",
            tool=tool[:200],
            content=content,
        )
