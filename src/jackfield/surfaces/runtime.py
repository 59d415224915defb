"""What carries out the calls of the SDK and of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions, Origin


class Runtime(Protocol):
    """Carries out calls, in this process or elsewhere. Used from one event loop."""

    async def call(
        self, target: str, command: str | None, params: Mapping[str, Any], options: CallOptions, origin: Origin
    ) -> Outcome[Any]:
        """One call.

        Raises:
            JackfieldError: It could not start.
        """

    async def describe(self, target: str) -> ConnectorDefinition:
        """The definition of the type behind `target`, which is named as in a call.

        Raises:
            UnknownConnector, AmbiguousConnector: The name fits nothing, or too much.
        """

    async def types(self) -> Sequence[ConnectorDefinition]:
        """Every installed connector type, by name."""

    async def add(self, connector: Mapping[str, Any]) -> str:
        """Configure a connector; returns its full name. Keys as in `POST /api/connectors`."""

    async def close(self) -> None:
        """Let go of everything kept open."""
