"""The execution model `built_in`: commands are methods of a connector class."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from jackfield.definition.command import Handler
from jackfield.definition.connector import Connector
from jackfield.definition.context import CallContext
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome, fail, normalise
from jackfield.errors import JackfieldError
from jackfield.execution.built_in.instances import Instances
from jackfield.execution.built_in.threads import BlockingHttp, Threads
from jackfield.execution.model import Invocation


class BuiltInModel:
    """Runs methods: `async def` on the event loop, `def` in a thread."""

    name: ExecutionModelName = "built_in"

    def __init__(self, find_class: Callable[[str], type[Connector]]) -> None:
        """Args:
        find_class: The class that implements the connector type of that name.
        """
        self._find_class = find_class
        self._instances = Instances()
        self._threads = Threads()

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one command of a connector class."""
        cls = self._find_class(invocation.definition.name)
        handler = cls.handlers[invocation.command.name]
        config = invocation.config
        async with self._instances.borrow(invocation.connector, invocation.revision, cls, config) as connector:
            try:
                return normalise(await self._returned(connector, handler, invocation))
            except (Exception, SystemExit) as error:  # `sys.exit` in a connector must not end the server
                return _failure(connector, error, invocation)

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """What the class says for a scenario: an outcome, or a function of nothing or of the params."""
        canned = self._find_class(definition.name).handlers[command.name].scenarios[scenario]
        if not callable(canned):
            return normalise(canned)
        wants_params = bool(inspect.signature(canned).parameters)
        return normalise(canned(params) if wants_params else canned())

    def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing: a class is checked when it is defined."""

    async def close(self) -> None:
        """Close every connector that was opened."""
        await self._instances.close()
        self._threads.close()

    async def _returned(self, connector: Connector, handler: Handler, invocation: Invocation) -> object:
        method = getattr(connector, handler.method)
        arguments = _arguments(handler, invocation.params)
        if handler.is_async:
            if handler.context:
                arguments[handler.context] = _context(invocation, invocation.http)
            return await method(**arguments)
        http = BlockingHttp(invocation.http, asyncio.get_running_loop())
        if handler.context:
            arguments[handler.context] = _context(invocation, http)
        try:
            return await self._threads.run(lambda: _called(method, arguments))
        finally:
            http.end()


def _called(method: Callable[..., object], arguments: Mapping[str, Any]) -> object:
    try:
        return method(**arguments)
    except StopIteration as error:  # a future cannot carry it
        raise RuntimeError(f"StopIteration: {error}") from error


def _arguments(handler: Handler, params: Mapping[str, Any]) -> dict[str, Any]:
    arguments = dict(params)
    for name, convert in handler.converters.items():
        if arguments.get(name) is not None:
            arguments[name] = convert(arguments[name])
    return arguments


def _context(invocation: Invocation, http: Any) -> CallContext[Any]:
    return CallContext(
        config=invocation.config,
        params=invocation.params,
        variables=invocation.variables,
        http=http,
        log=invocation.log,
        step_id=invocation.step_id,
        run_id=invocation.run_id,
        execution_id=invocation.execution_id,
    )


def _failure(connector: Connector, error: BaseException, invocation: Invocation) -> Outcome[Any]:
    """What an exception means: what the connector's error map says, else its own words.

    Raises:
        JackfieldError: It kept the command from being carried out at all (the network policy, for one).
    """
    mapped = connector.error_map(error) if isinstance(error, Exception) else None
    if mapped is not None:
        return _as_failure(normalise(mapped))
    if isinstance(error, JackfieldError):
        raise error
    invocation.log.warning("command raised %s\n%s", type(error).__name__, traceback.format_exc())
    return fail(str(error) or type(error).__name__, diagnostics={"exception": type(error).__name__})


def _as_failure(mapped: Outcome[Any]) -> Outcome[Any]:
    """What an error map returns is a failure, also when it was written as `{"diagnostics": ...}` alone."""
    if not mapped.success:
        return mapped
    return fail("the command failed", variables=mapped.variables)
