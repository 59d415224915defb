"""One part of what a model may use: commands of one connector by their rules, or everything that the caller sees."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from jackfield.agents.choice import ChosenConnector
from jackfield.agents.describing import Described, Lookup
from jackfield.agents.making import make_tools
from jackfield.agents.tool import Tool
from jackfield.definition.model import ConnectorDefinition
from jackfield.dispatch.call import CallOptions


class Part:
    """What was chosen, and the tools that were made of it last."""

    def __init__(self, chosen: ChosenConnector | None, *, options: CallOptions) -> None:
        """Args:
        chosen: `None` for everything.
        options: Of each call.
        """
        self.chosen = chosen
        self.options = options
        self.wanted = _wanted(chosen)
        self._made: tuple[Sequence[Described], Sequence[Tool]] | None = None

    async def tools(self, described: Sequence[Described]) -> Sequence[Tool]:
        """The tools of what was wanted. What has not changed is not made again, and nothing else waits for it.

        Raises:
            UnknownCommand: A command is none.
            InvalidChoice: A rule is about a param that there is not.
        """
        if self._made is None or not _same(self._made[0], described):
            self._made = (described, await asyncio.to_thread(self._of, described))
        return self._made[1]

    def _of(self, described: Sequence[Described]) -> Sequence[Tool]:
        if self.chosen is None:
            return [tool for one in described for tool in make_tools(one.connector, one.definition, None)]
        return list(make_tools(described[0].connector, _joined(described), self.chosen))


def _wanted(chosen: ChosenConnector | None) -> Sequence[Lookup]:
    """Each command for itself: tools of one command share what is kept of it with all others."""
    if chosen is None:
        return [Lookup()]
    names = dict.fromkeys([*chosen.commands, *chosen.rules]) if chosen.commands else [None]
    return [Lookup(connector=chosen.connector, command=name) for name in names]


def _joined(described: Sequence[Described]) -> ConnectorDefinition:
    """One definition with all commands. In this process it is whole anyway."""
    first = described[0].definition
    if all(one.definition is first for one in described):
        return first
    commands = {name: command for one in described for name, command in one.definition.commands.items()}
    return ConnectorDefinition(
        name=first.name, version=first.version, execution_model=first.execution_model, commands=commands
    )


def _same(before: Sequence[Described], now: Sequence[Described]) -> bool:
    return len(before) == len(now) and all(
        one.connector == other.connector and one.definition is other.definition
        for one, other in zip(before, now, strict=True)
    )
