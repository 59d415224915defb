"""Pinned definitions of tools, and the commands that they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from jackfield.definition.mcp.command_names import command_names
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.validation import check_schema
from jackfield.errors import JackfieldError

SERVER, TOOLS = "mcpServer", "tools"
"""Keys of the source: where the server is, and its tools by the names of their commands."""

PINNED = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")
"""What of a tool is pinned, in the words of the protocol: all that a model or a caller is shown."""

HINTS = ("title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
"""Of its annotations."""

LIST = "list_tools"
"""The only command of a definition that lists what a server offers; see `listing_of`."""

MAX_NAME = 512
MAX_TOOL_BYTES = 256 * 1024
MAX_DEPTH = 60
"""Of one tool: more is nothing that a person would read and approve."""

_LISTS = "lists"
_EMPTY: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What a server offers, as it can be kept.

    Attributes:
        tools: The definitions by the names of their commands.
        refused: Why a tool is left out, by its name.
    """

    tools: Mapping[str, Mapping[str, Any]]
    refused: Mapping[str, str]


def pin(offered: Iterable[Mapping[str, Any]], *, before: Mapping[str, Mapping[str, Any]]) -> Pinned:
    """The tools of a server as they can be kept. One that cannot be used is left out, and costs no other anything.

    Args:
        offered: As the server gives them.
        before: Those that are pinned: a tool that is among them keeps its command.
    """
    good: dict[str, dict[str, Any]] = {}
    refused: dict[str, str] = {}
    for tool in offered:
        name = str(tool.get("name", ""))
        if name in good or name in refused:
            refused[name[:MAX_NAME]] = "it is there twice"
            good.pop(name, None)  # nobody can tell which of them a call would mean
        elif reason := fault(tool):
            refused[name[:MAX_NAME]] = reason
        else:
            good[name] = pinned_part(tool)
    named = command_names(good, {str(tool["name"]): command for command, tool in before.items()})
    return Pinned(tools={named[name]: tool for name, tool in good.items()}, refused=refused)


def pinned_part(tool: Mapping[str, Any]) -> dict[str, Any]:
    """What of a tool is pinned: what the protocol names, and nothing else that a server may have put there."""
    kept = {key: tool[key] for key in PINNED if tool.get(key) is not None}
    if isinstance(hints := kept.get("annotations"), Mapping):
        said = {key: hints[key] for key in HINTS if hints.get(key) is not None}
        kept = {key: value for key, value in kept.items() if key != "annotations"} | (
            {"annotations": said} if said else {}
        )
    return kept


def fault(tool: Mapping[str, Any]) -> str:
    """Why a tool cannot be a command; empty where it can."""
    return next(filter(None, (judge(tool) for judge in (_unreadable, _of_wrong_kind, _unusable))), "")


def _unreadable(tool: Mapping[str, Any]) -> str:
    name = tool.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        return f"its name has not 1 to {MAX_NAME} characters"
    if _depth_exceeds(tool, MAX_DEPTH):
        return f"it is nested deeper than {MAX_DEPTH} levels"
    try:
        size = len(orjson.dumps({key: tool.get(key) for key in PINNED}))
    except TypeError as error:  # half a character, or a number beyond 64 bits
        return f"it cannot be written as JSON: {error}"
    return f"its definition has {size} bytes, and at most {MAX_TOOL_BYTES} are taken" if size > MAX_TOOL_BYTES else ""


def _unusable(tool: Mapping[str, Any]) -> str:
    try:
        command = command_of("tool", tool)
        check_schema(command.params, where=f"tool `{tool['name']}`")
    except JackfieldError as error:
        return error.message
    except RecursionError:
        return "its schema refers to itself without end"
    return ""


def command_of(command: str, tool: Mapping[str, Any]) -> CommandDefinition:
    """The command that a tool is.

    What its annotations say is the server's own word. Without one, a tool that does not say it only reads may destroy.

    Raises:
        JackfieldError: Names of its params cannot be told apart.

    Source: Model Context Protocol, revision 2026-07-28, `ToolAnnotations`.
    """
    said, output = tool.get("annotations") or {}, tool.get("outputSchema")
    reads_only = said.get("readOnlyHint") is True
    params = {key: value for key, value in (tool.get("inputSchema") or _EMPTY).items() if key != "$schema"}
    return CommandDefinition(
        name=command,
        display_name=str(tool.get("title") or said.get("title") or ""),
        description=str(tool.get("description") or ""),
        params={**_EMPTY, **params, "type": "object"},
        outputs=tuple((output or {}).get("properties") or ()),
        output_schema=dict(output) if output else None,
        reads_only=reads_only,
        destructive=not reads_only and said.get("destructiveHint") is not False,
        idempotent=reads_only or said.get("idempotentHint") is True,
    )


def commands_of(source: Mapping[str, Any]) -> dict[str, CommandDefinition]:
    """The commands of a definition that says nothing else of them: one for each pinned tool."""
    return {name: command_of(name, tool) for name, tool in tools_of(source).items()}


def tools_of(source: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The pinned tools by the names of their commands."""
    tools: Mapping[str, Mapping[str, Any]] = source.get(TOOLS) or {}
    return tools


def with_tools(old: ConnectorDefinition, tools: Mapping[str, Mapping[str, Any]]) -> ConnectorDefinition:
    """`old` with other pins. Of tools that stay as they were, what its author says of their commands stays too."""
    before = tools_of(old.source)
    commands = {
        name: old.commands[name] if before.get(name) == tool and name in old.commands else command_of(name, tool)
        for name, tool in tools.items()
    }
    default, test = (name if name in commands else None for name in (old.default_command, old.test_command))
    source = {**old.source, TOOLS: dict(tools)}
    return replace(old, commands=commands, default_command=default, test_command=test, source=source)


def listing_of(old: ConnectorDefinition) -> ConnectorDefinition:
    """A definition with the connection of `old`, whose only command lists what the server offers. Nobody keeps it."""
    listing = CommandDefinition(name=LIST, reads_only=True, idempotent=True, tool=False)
    source = {SERVER: old.source[SERVER], _LISTS: True}
    return replace(old, commands={LIST: listing}, default_command=None, test_command=None, source=source)


def is_listing(definition: ConnectorDefinition) -> bool:
    """Whether `definition` is one of `listing_of`: nothing that is read has that mark."""
    return definition.source.get(_LISTS) is True


def _of_wrong_kind(tool: Mapping[str, Any]) -> str:
    kinds: Mapping[str, type] = {"title": str, "description": str, "inputSchema": Mapping, "outputSchema": Mapping}
    for key, kind in {**kinds, "annotations": Mapping}.items():
        if tool.get(key) is not None and not isinstance(tool[key], kind):
            return f"its `{key}` is no {'text' if kind is str else 'object'}"
    for key in ("inputSchema", "outputSchema"):
        properties = (tool.get(key) or {}).get("properties")
        if properties is not None and not isinstance(properties, Mapping):
            return f"`properties` of its `{key}` is no object"
    if (tool.get("inputSchema") or {}).get("type", "object") != "object":
        return "its `inputSchema` is of no object"
    return ""


def _depth_exceeds(value: Any, most: int) -> bool:
    """Whether `value` is nested deeper, found without recursion: it may be deeper than Python goes."""
    level, depth = [value], 0
    while level:
        if depth > most:
            return True
        inner = (each.values() if isinstance(each, Mapping) else each for each in level if _is_nested(each))
        level, depth = [value for values in inner for value in values if _is_nested(value)], depth + 1
    return False


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list)
