"""Which tools a caller has: those of the connectors of a choice, as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from jackfield.agents.choice import Choice, ChosenConnector
from jackfield.agents.errors import UnknownTool
from jackfield.agents.making import check_names, make_tools
from jackfield.agents.tool import Tool
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector
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


def offer(catalogue: Catalogue, choice: Choice, *, tenant: str) -> Offered:
    """The tools of `choice`. What cannot be offered is told, and keeps nothing else from being there.

    Args:
        catalogue: What exists, refreshed.
        choice: Which of it.
        tenant: Whose.
    """
    tools: list[Tool] = []
    problems: list[JackfieldError] = []
    for connector, chosen in _chosen(catalogue, choice, tenant):
        try:
            tools += _of(catalogue, connector, chosen, tenant)
        except JackfieldError as error:
            problems.append(error)
    if choice.reads_only:
        tools = [tool for tool in tools if tool.reads_only]
    return Offered(tools=distinct(tools, problems), problems=problems)


def _chosen(catalogue: Catalogue, choice: Choice, tenant: str) -> Iterator[tuple[str, ChosenConnector | None]]:
    """Names of connectors, with what is chosen of them; `None` for all."""
    if choice.connectors is not None:
        yield from ((one.connector, one) for one in choice.connectors)
        return
    for connector in catalogue.connectors(tenant):
        kind = catalogue.type_of(connector)
        if connector.enabled and kind is not None and kind.enabled:
            yield connector.full_name, None


def _of(catalogue: Catalogue, connector: str, chosen: ChosenConnector | None, tenant: str) -> list[Tool]:
    target = resolve(catalogue, connector, tenant=tenant)
    if not _is_enabled(target.connector):
        return []
    return list(make_tools(target.name, target.type.definition, chosen))


def _is_enabled(connector: ConfiguredConnector | None) -> bool:
    return connector is None or connector.enabled


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
