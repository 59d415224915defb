"""From what a program says about its tools to their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.agents.choice import Choice
from jackfield.agents.choice_reading import read_choice
from jackfield.agents.errors import InvalidChoice
from jackfield.dispatch.call import CallOptions
from jackfield.errors import WrongUse
from jackfield.surfaces.sdk.tools.connector_tool import ConnectorTool
from jackfield.surfaces.sdk.tools.part import Part
from jackfield.surfaces.sdk.tools.workshop import Workshop

_HINT = "give tools, names of connectors, `{connector: ..., operations: [...]}`, or nothing for everything"


def parts_of(workshop: Workshop, chosen: Any, *, options: CallOptions) -> tuple[list[Part], bool]:
    """The parts of what is chosen, and whether only what changes nothing is wanted.

    Args:
        workshop: Of the program.
        chosen: `None` for everything that the caller sees; tools by the names that they shall have; a `Choice`; or a
            list of tools and of what `agents.choice_reading.read_choice` takes.
        options: Of the calls of all but single tools, which have their own.

    Raises:
        InvalidChoice: It cannot be read.
        WrongUse: A tool is another Jackfield's.
    """
    if isinstance(chosen, ConnectorTool):
        chosen = [chosen]
    if isinstance(chosen, Mapping) and chosen and all(isinstance(one, ConnectorTool) for one in chosen.values()):
        chosen = [tool.renamed(name) for name, tool in chosen.items()]
    if isinstance(chosen, str):
        raise InvalidChoice(where="tools", problem="is a text", hint=f"{_HINT}, in a list")
    if isinstance(chosen, Sequence):
        return [part for one in chosen for part in _parts_of_one(workshop, one, options)], False
    choice = chosen if isinstance(chosen, Choice) else read_choice(chosen)
    return _of_choice(workshop, choice, options), choice.reads_only


def _parts_of_one(workshop: Workshop, one: Any, options: CallOptions) -> list[Part]:
    if not isinstance(one, ConnectorTool):
        return _of_choice(workshop, read_choice([one]), options)
    if not workshop.has(one.part):
        raise WrongUse(f"{one!r} was made by another Jackfield", hint="make all tools of a set with the same one")
    return [one.part]


def _of_choice(workshop: Workshop, choice: Choice, options: CallOptions) -> list[Part]:
    if choice.connectors is None:
        return [workshop.add(Part(None, options=options))]
    return [workshop.add(Part(one, options=options)) for one in choice.connectors]
