"""What is different between the tools that are pinned and those that a server offers now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jackfield.definition.mcp.tools import PINNED, commands_of
from jackfield.definition.model import CommandDefinition, ConnectionField
from jackfield.definition.openapi.diff import Diff, What, diff

Tools = Mapping[str, Mapping[str, Any]]
"""By the names of their commands."""


@dataclass(frozen=True, kw_only=True)
class ToolDifference:
    """One tool that is not as it is pinned.

    Attributes:
        command: Its name here.
        tool: Its name at the server.
        fields: What is different, as `{field: {old, new}}` in the words of the protocol; all of a tool that came.
    """

    what: What
    command: str
    tool: str
    fields: Mapping[str, Mapping[str, Any]]


def differences(before: Tools, now: Tools) -> tuple[ToolDifference, ...]:
    """Every tool that came, changed or went, in this order."""
    came = [_difference("added", name, {}, now[name]) for name in now if name not in before]
    changed = [_difference("changed", n, before[n], now[n]) for n in now if n in before and before[n] != now[n]]
    went = [_difference("removed", name, before[name], {}) for name in before if name not in now]
    return (*came, *changed, *went)


def different_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What of a tool is different, in the words of the protocol."""
    return [key for key in PINNED if key != "name" and old.get(key) != new.get(key)]


def merged(before: Tools, now: Tools, *, only: Collection[str] | None = None) -> dict[str, Mapping[str, Any]]:
    """`before` with what `now` has instead.

    Args:
        before: What is pinned.
        now: What is offered.
        only: Commands, or names of tools: the differences of others stay as they are. `None` for all.
    """
    wanted = {each.command for each in differences(before, now) if _is_wanted(each, only)}
    taken = {name: now[name] for name in now if name in wanted}
    kept = {name: taken.get(name, tool) for name, tool in before.items() if name not in wanted or name in now}
    return {**kept, **taken}


def bump_of(before: Tools, now: Tools) -> Diff:
    """What a change of the pins means for callers, told as for an imported document."""
    return diff(_Offered(before), _Offered(now), model="mcp")


def _is_wanted(difference: ToolDifference, only: Collection[str] | None) -> bool:
    return only is None or difference.command in only or difference.tool in only


def _difference(what: What, command: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> ToolDifference:
    fields = {key: {"old": old.get(key), "new": new.get(key)} for key in different_fields(old, new)}
    return ToolDifference(what=what, command=command, tool=str((new or old)["name"]), fields=fields)


class _Offered:
    """Pinned tools as `openapi.diff.Offered`."""

    fields: tuple[ConnectionField, ...] = ()
    auth: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._commands = commands_of({"tools": tools})

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __getitem__(self, name: str, /) -> CommandDefinition:
        return self._commands[name]

    def plan(self, name: str) -> Any:
        """The tool, and what it says of what it does."""
        return self._tools[name]["name"], self._tools[name].get("annotations")
