"""What carries out the calls of the SDK and of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jackfield.access.principal import Principal
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.manage.resources import Resources
from jackfield.surfaces.tooling import Tooling


class Runtime(Protocol):
    """Carries out calls, in this process or elsewhere. Used from one event loop."""

    @property
    def tooling(self) -> Tooling:
        """What tools for models are made of."""

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

    async def open(self) -> Resources:
        """What can be looked at and changed. Opens what is kept, which a first call does too.

        Raises:
            JackfieldError: It cannot be opened.
        """

    async def principal(self) -> Principal:
        """Who calls through this runtime.

        Raises:
            TokenUnknown, TokenExpired, TokenRevoked, UserDisabled: The token it was given is not accepted.
        """

    async def close(self) -> None:
        """Let go of everything kept open."""
