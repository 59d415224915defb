"""What the model has to be given: how the commands of a definition are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.openapi.plan import OperationPlan, SchemePlan


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One command.

    Attributes:
        plan: How it is sent.
        schemes: The security schemes of its document, by name.
        auth: What the document has for the type's `auth`.
    """

    plan: OperationPlan
    schemes: Mapping[str, SchemePlan] = field(default_factory=dict)
    auth: Mapping[str, Any] = field(default_factory=dict)


class Plans(Protocol):
    """The plans of definitions."""

    def get(self, definition: ConnectorDefinition, command: CommandDefinition) -> Planned:
        """The plan of `command`."""

    def mock(self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str) -> Any:
        """The payload of one of `command.scenarios`."""

    def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing if the definition's document can be read.

        Raises:
            InvalidDefinition: It cannot.
        """
