"""Which tools a caller has: those of the connectors of a choice, as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from jackfield.agents.choice import Choice, ChosenConnector
from jackfield.agents.errors import UnknownTool
from jackfield.agents.making import check_names, make_tools
from jackfield.agents.present import present
from jackfield.agents.tool import Tool
from jackfield.definition.model import ConnectorDefinition
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue
from jackfield.registry.resolve import resolve


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Tools, in the order of their connectors.

    Attributes:
        problems: Why some that were chosen are not there.
    """

    tools: Sequence[Tool]
    problems: Sequence[JackfieldError] = field(default=())

    @cached_property
    def by_name(self) -> Mapping[str, Tool]:
        """The tools by their names."""
        return {tool.name: tool for tool in self.tools}

    def get(self, name: str) -> Tool:
        """The tool called `name`.

        Raises:
            UnknownTool: It is none of these.
        """
        found = self.by_name.get(name)
        if found is None:
            raise UnknownTool(tool=name, known=list(self.by_name))
        return found


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One connector of a choice, as it was found.

    Attributes:
        chosen: Of its commands; `None` for all.
    """

    connector: str
    definition: ConnectorDefinition
    chosen: ChosenConnector | None


def wanted(catalogue: Catalogue, choice: Choice, *, tenant: str) -> tuple[list[Wanted], list[JackfieldError]]:
    """The connectors of `choice`, and why others are not there.

    Args:
        catalogue: What exists, refreshed. It is not touched afterwards, so that tools can be made in a thread.
        choice: Which of it.
        tenant: Whose.
    """
    if choice.connectors is None:
        return [Wanted(connector=name, definition=of, chosen=None) for name, of in present(catalogue, tenant)], []
    found: list[Wanted] = []
    problems: list[JackfieldError] = []
    for chosen in choice.connectors:
        try:
            found.append(_found(catalogue, chosen, tenant))
        except JackfieldError as error:
            problems.append(error)
    return found, problems


def offer(found: Sequence[Wanted], problems: Sequence[JackfieldError], *, reads_only: bool = False) -> Offered:
    """The tools of these connectors. What cannot be offered is told, and keeps nothing else from being there.

    Args:
        found: By `wanted`, as are the problems.
        reads_only: Only those that change nothing.
    """
    tools: list[Tool] = []
    told = list(problems)
    for one in found:
        try:
            tools += make_tools(one.connector, one.definition, one.chosen)
        except JackfieldError as error:
            told.append(error)
    kept = [tool for tool in tools if tool.reads_only] if reads_only else tools
    return Offered(tools=distinct(kept, told), problems=told)


def _found(catalogue: Catalogue, chosen: ChosenConnector, tenant: str) -> Wanted:
    target = resolve(catalogue, chosen.connector, tenant=tenant)
    if target.connector is not None and not target.connector.enabled:
        raise ConnectorDisabled(connector=target.name)
    return Wanted(connector=target.name, definition=target.type.definition, chosen=chosen)


def distinct(tools: Sequence[Tool], problems: list[JackfieldError]) -> list[Tool]:
    """`tools` without those whose name another one has; the first stays, and `problems` gets the others."""
    kept: dict[str, Tool] = {}
    for tool in tools:
        first = kept.setdefault(tool.name, tool)
        if first is not tool:
            try:
                check_names([first, tool])
            except JackfieldError as error:
                problems.append(error)
    return list(kept.values())
