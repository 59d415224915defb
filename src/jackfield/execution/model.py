"""The seam between dispatch and the execution models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from jackfield.definition.context import Logger
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Authorizer, Http
from jackfield.execution.built import Built


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """All that an execution model gets: no store, no vault, no policy.

    Attributes:
        connector: `namespace/name` of the configured connector; the type's name where there is none.
        connector_id: Unique over all tenants, which names are not: what is kept per connector is kept by this.
        tenant: Whose call it is: what is scarce is shared out among tenants.
        revision: Changes whenever the connector's configuration does; what was kept for another revision is old.
        variant: Of the connection, where its secrets depend on the caller: what was opened with others is not shared.
        config: Connection fields by name, defaults filled in, secrets as `Secret`.
        params: Validated, defaults filled in.
        places: Where the caller put a param (`path`, `query`, `body`, `headers`), if it said so.
        http: Bound to the connector's policy, credential, limits, deadline and cancellation.
        authorizer: What `http` signs requests with, if anything.
        deadline: Event-loop time at which the call must be over.
    """

    connector: str
    connector_id: str
    revision: int
    definition: ConnectorDefinition
    command: CommandDefinition
    config: Mapping[str, Any]
    params: Mapping[str, Any]
    variables: Mapping[str, Any]
    http: Http
    log: Logger
    deadline: float
    execution_id: str
    tenant: str = ""
    variant: tuple[Secret | str, ...] = ()
    authorizer: Authorizer | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    step_id: str | None = None
    run_id: str | None = None


class ExecutionModel(Protocol):
    """One way in which commands run.

    Attributes:
        through_http: Commands reach their service by `Invocation.http` and in no other way.
    """

    name: ExecutionModelName
    through_http: bool

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one command.

        Expected refusals are failed outcomes. A `JackfieldError` with `ran` is turned into one by dispatch;
        one without it is raised to the caller.
        """

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """The canned outcome of one of `command.scenarios`."""

    async def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing if every command can be run. For when a definition is to be kept, before it is.

        It takes its time away from the event loop.

        Raises:
            InvalidDefinition: Something in it cannot be carried out; all faults at once.
        """

    async def close(self) -> None:
        """Let go of everything kept open."""


@runtime_checkable
class Keeper(Protocol):
    """An execution model that keeps something open for each connector."""

    def forget(self, connector_id: str) -> None:
        """Let go of what is kept for a connector, which is not called again, as soon as no call uses it."""


@runtime_checkable
class MockScripts(Protocol):
    """What runs the mock scripts that are stored with connectors, whatever their execution model."""

    async def answer(
        self,
        source: str,
        *,
        command: str,
        scenario: str,
        params: Mapping[str, Any],
        log: Logger,
        owner: tuple[str, str] = ("", ""),
    ) -> Outcome[Any] | None:
        """What a mock script says for a command; `None` if it says nothing of it.

        Args:
            owner: Tenant, and id of the connector: who is served in turns with others.

        Raises:
            JackfieldError: It could not be run, or failed.
        """


@runtime_checkable
class Planner(Protocol):
    """An execution model whose requests can be written without being sent."""

    async def plan(self, invocation: Invocation) -> Built:
        """The request that `run` would send, without what `invocation.http` adds: its credential and its headers.

        Nothing is sent. Secrets are in it as they are in the invocation: whoever shows it hands in masked ones.

        Raises:
            JackfieldError: As `run` raises before it sends anything.
        """
