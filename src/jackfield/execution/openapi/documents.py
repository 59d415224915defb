"""The plans of definitions, from the documents that they were made of."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.execution.openapi.plans import Planned

if TYPE_CHECKING:
    from jackfield.definition.openapi.commands import Commands


class Documents:
    """Plans of definitions. A document is read once for a definition, and forgotten with it."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[weakref.ref[ConnectorDefinition], Commands]] = {}
        self._reading = threading.Lock()

    def get(self, definition: ConnectorDefinition, command: CommandDefinition) -> Planned:
        """The plan of `command`.

        Raises:
            InvalidDefinition: The document cannot be read.
        """
        commands = self._commands(definition)
        return Planned(plan=commands.plan(command.name), schemes=commands.schemes, auth=commands.auth)

    def mock(self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str) -> Any:
        """The example that the document has for a scenario, or one made of its schemas."""
        return self._commands(definition).scenarios(command.name)[scenario]

    def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing if the document can be read.

        Raises:
            InvalidDefinition: It cannot, or has no such commands.
        """
        self._commands(definition)

    def _commands(self, definition: ConnectorDefinition) -> Commands:
        # The reader is large: most processes have no imported connectors, and need not wait for it.
        from jackfield.definition.openapi.commands import Commands
        from jackfield.definition.openapi.reader import read_again

        if isinstance(definition.commands, Commands):
            return definition.commands
        # By identity: hashing a definition would walk all of it, and its mappings cannot be hashed.
        key = id(definition)
        with self._reading:  # it may be a thread that asks, and reading takes a second
            kept = self._kept.get(key)
            if kept is None or kept[0]() is not definition:
                gone = weakref.ref(definition, lambda _: self._kept.pop(key, None))
                read = read_again(definition.source, name=definition.name)
                kept = self._kept[key] = (gone, read.commands)
            return kept[1]
