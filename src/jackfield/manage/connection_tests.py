"""Testing whether a connector's connection works, and keeping how that went."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from jackfield.access.errors import Denied
from jackfield.access.principal import Principal
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, Origin, Recorded
from jackfield.dispatch.options import read_options
from jackfield.errors import JackfieldError
from jackfield.manage.errors import TestCommandMissing
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.errors import ConnectorNotStored, UnknownConnector
from jackfield.registry.resolve import resolve
from jackfield.storage.clock import now_us

ORIGIN = Origin(trigger="test")


class Keep(Protocol):
    """Keeps the result of a test; see `manage.connectors.Connectors.record_test`."""

    async def __call__(self, principal: Principal, wanted: str, result: Mapping[str, Any], /) -> Mapping[str, Any]:
        """What is kept."""


@dataclass(frozen=True, kw_only=True)
class ConnectionTest:
    """How a test went.

    Attributes:
        connector: `namespace/name`; the type's name where it was tested without a connector.
        command: The one that was called.
        success: The connection works.
        latency_ms: From the call to its outcome, in milliseconds.
        tested: Microseconds since 1970.
        code: Of the failure.
        error: What went wrong, in words.
        hint: What to do next.
        execution_id: Of the record of the call.
        status: The HTTP status of the service, where there was one.
        environment: Of the connector; empty for its own connection.
    """

    connector: str
    command: str
    success: bool
    latency_ms: float
    tested: int
    code: str | None
    error: str | None
    hint: str
    execution_id: str
    status: int | None
    environment: str = ""


class ConnectionTests:
    """Calls the command that a type has for that."""

    def __init__(
        self, run: Callable[[Call], Awaitable[Recorded]], catalogue: Catalogue, keep: Keep | None = None
    ) -> None:
        """Args:
        run: Makes a call.
        catalogue: What exists.
        keep: Keeps how it went, of connectors that are stored.
        """
        self._run = run
        self._catalogue = catalogue
        self._keep = keep

    async def run(
        self, principal: Principal, wanted: str, *, timeout_s: float | None = None, environment: str | None = None
    ) -> ConnectionTest:
        """Test a connector, whether or not it is stored. How it went is kept and shown with it.

        Args:
            principal: Who asks.
            wanted: As in a call.
            timeout_s: Seconds that it may take.
            environment: Instead of its default. How that went is not kept: what is shown is how its calls usually go.

        Raises:
            ScopeMissing: The caller's token lacks `execute`.
            InvalidOption, UnknownEnvironment: It has no such environment.
            TestCommandMissing: Its type has no command for that.
            JackfieldError: As a call that cannot start; that is kept as a failed test.
        """
        principal.require("execute")
        await up_to_date(self._catalogue, principal.tenant)
        definition = resolve(self._catalogue, wanted, tenant=principal.tenant).type.definition
        command = command_for_tests(definition, connector=wanted)
        options = read_options(None, timeout_s=timeout_s, environment=environment)
        call = Call(principal=principal, target=wanted, command=command, options=options, origin=ORIGIN)
        return await tested(self._run, call, lambda result: self._note(principal, call, result))

    async def _note(self, principal: Principal, call: Call, result: Mapping[str, Any]) -> None:
        if self._keep is not None and call.options.environment is None:
            # Not of a file or of the program, not of a type called directly, and not of one deleted meanwhile.
            with suppress(ConnectorNotStored, UnknownConnector):
                await self._keep(principal, call.target, result)


def command_for_tests(definition: ConnectorDefinition, *, connector: str) -> str:
    """The command of a type that shows whether a connection works.

    Raises:
        TestCommandMissing: It has none.
    """
    if definition.test_command is None:
        raise TestCommandMissing(connector=connector, type=definition.name)
    return definition.test_command


async def tested(
    run: Callable[[Call], Awaitable[Recorded]], call: Call, note: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> ConnectionTest:
    """How a call for a test goes.

    Args:
        note: Keeps that: `{success, latencyMs, status?, code?, error?}`.

    Raises:
        JackfieldError: It cannot start; that is noted as a failed test, unless the caller may not.
    """
    started = time.perf_counter()
    try:
        recorded = await run(call)
    except Denied:
        raise
    except JackfieldError as error:
        with suppress(JackfieldError):  # what cannot be kept must not hide why
            await note(_result(started, code=error.code, error=error.message))
        raise
    outcome = recorded.outcome
    result = _result(started, code=outcome.code, error=outcome.error)
    await note({**result, "status": outcome.metadata.get("status")})
    return _shown(recorded.execution_id, outcome, latency_ms=result["latencyMs"])


def _result(started: float, *, code: str | None, error: str | None) -> dict[str, Any]:
    latency_ms = round((time.perf_counter() - started) * 1000, 1)
    failure = {"code": code, "error": error} if code else {}
    return {"success": code is None, "latencyMs": latency_ms, **failure}


def _shown(execution_id: str, outcome: Outcome[Any], *, latency_ms: float) -> ConnectionTest:
    metadata = outcome.metadata
    return ConnectionTest(
        connector=metadata["connector"],
        command=metadata["command"],
        success=outcome.success,
        latency_ms=latency_ms,
        tested=now_us(),
        code=outcome.code,
        error=outcome.error,
        hint=str(outcome.diagnostics.get("hint", "")),
        execution_id=execution_id,
        status=metadata.get("status"),
        environment=metadata.get("environment", ""),
    )
