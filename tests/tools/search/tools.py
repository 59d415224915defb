"""Tools to be found."""

from __future__ import annotations

from jackfield.agents.search.document import Document


def tool(command: str, description: str = "", *, connector: str = "default/acme", **more) -> Document:
    """A tool as a catalogue would describe it."""
    name = f"{connector.partition('/')[2]}__{command}"
    return Document(name=name, connector=connector, command=command, description=description, **more)


def found(hits) -> list[str]:
    """The commands that were found, in order."""
    return [hit.tool.command for hit in hits]
