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
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome, fail, normalise
from jackfield.definition.sensitive import is_secret
from jackfield.errors import JackfieldError
from jackfield.execution.built_in.blocking import MAX_THREADS, BlockingHttp
from jackfield.execution.built_in.instances import Instances, NotOpened
from jackfield.execution.model import Invocation
from jackfield.storage.threads import Threads


class BuiltInModel:
    """Runs methods: `async def` on the event loop, `def` in a thread."""

    name: ExecutionModelName = "built_in"
    through_http = False

    def __init__(self, find_class: Callable[[str], type[Connector]]) -> None:
        """Args:
        find_class: The class that implements the connector type of that name.
        """
        self._find_class = find_class
        self._instances = Instances()
        self._threads = Threads(MAX_THREADS, name="jackfield-command")

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one command of a connector class."""
        cls = self._find_class(invocation.definition.name)
        handler = cls.handlers[invocation.command.name]
        config = invocation.config
        arguments = _arguments(handler, invocation)
        try:
            borrowed = self._instances.borrow(
                invocation.connector_id, invocation.revision, cls, config, invocation.variant
            )
            async with borrowed as connector:
                try:
                    returned = await self._returned(connector, handler, invocation, arguments)
                except (Exception, SystemExit) as error:  # `sys.exit` in a connector must not end the server
                    return _failure(connector, error, invocation)
        except NotOpened as error:
            return _failure(error.connector, error.__cause__ or error, invocation)
        if returned is not None and not isinstance(returned, Outcome | Mapping | bool | int | float):
            kind = type(returned).__name__
            invocation.log.warning("`%s` returned a bare %s, which is no payload", invocation.command.name, kind)
        return normalise(returned)

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """What the class says for a scenario: an outcome, or a function of nothing or of the params."""
        canned = self._find_class(definition.name).handlers[command.name].scenarios[scenario]
        if not callable(canned):
            return normalise(canned)
        wants_params = bool(inspect.signature(canned).parameters)
        try:
            return normalise(_checked(canned(params) if wants_params else canned()))
        except JackfieldError:
            raise
        except Exception as error:
            return fail(_words(error), diagnostics={"exception": type(error).__name__})

    async def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing: a class is checked when it is defined."""

    def forget(self, connector_id: str) -> None:
        """Close what was opened for a connector; see `execution.model.Keeper`."""
        self._instances.forget(connector_id)

    async def close(self) -> None:
        """Close every connector that was opened."""
        await self._instances.close()
        self._threads.close()

    async def _returned(
        self, connector: Connector, handler: Handler, invocation: Invocation, arguments: dict[str, Any]
    ) -> object:
        method = getattr(connector, handler.method)
        if handler.is_async:
            if handler.context:
                arguments[handler.context] = _context(invocation, invocation.http)
            return _checked(await method(**arguments))
        http = BlockingHttp(invocation.http, asyncio.get_running_loop())
        if handler.context:
            arguments[handler.context] = _context(invocation, http)
        try:
            return _checked(await self._threads.run(lambda: _called(method, arguments)))
        finally:
            http.end()


def _called(method: Callable[..., object], arguments: Mapping[str, Any]) -> object:
    try:
        return method(**arguments)
    except StopIteration as error:  # a future cannot carry it
        raise RuntimeError(f"StopIteration: {error}") from error


def _checked(returned: object) -> object:
    """What a handler returned, unless it forgot to wait for it: its result would be lost without a word."""
    if inspect.iscoroutine(returned):
        returned.close()
        raise TypeError("the command returned a coroutine: use `async def`, and `await` what it calls")
    return returned


def _arguments(handler: Handler, invocation: Invocation) -> dict[str, Any]:
    """The params as the annotations promise them.

    Raises:
        InvalidParams: A type refuses what the schema allowed: its own checks say more than JSON Schema can.
    """
    arguments = dict(invocation.params)
    faults = []
    for name, convert in handler.converters.items():
        if arguments.get(name) is not None:
            try:
                arguments[name] = convert(arguments[name])
            except Exception as error:  # whatever a type's own checks raise
                faults.append(_refused(name, error, invocation))
    if faults:
        raise InvalidParams(
            faults=faults,
            where=f"command `{invocation.command.name}` of `{invocation.connector}`",
            hint="correct the params",
        )
    return arguments


def _refused(name: str, error: Exception, invocation: Invocation) -> Fault:
    secret = is_secret(invocation.command.properties[name])
    return Fault(pointer=pointer([name]), message="is refused" if secret else " ".join(str(error).split()))


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


def _failure(connector: Connector | None, error: BaseException, invocation: Invocation) -> Outcome[Any]:
    """What an exception means: what the connector's error map says, else its own words.

    Raises:
        JackfieldError: It kept the command from being carried out at all (the network policy, for one).
    """
    if connector is not None and isinstance(error, Exception):
        mapped = _mapped(connector, error, invocation)
        if mapped is not None:
            return mapped
    if isinstance(error, JackfieldError):
        raise error
    invocation.log.warning("command raised %s\n%s", type(error).__name__, "".join(traceback.format_exception(error)))
    return fail(_words(error), diagnostics={"exception": type(error).__name__})


def _mapped(connector: Connector, error: Exception, invocation: Invocation) -> Outcome[Any] | None:
    """What the error map makes of `error`: a failure, also when it was written as `{"diagnostics": ...}` alone."""
    try:
        mapped = connector.error_map(error)
    except Exception:  # a map that fails must not hide what it was given
        invocation.log.warning("`error_map` raised\n%s", traceback.format_exc())
        return None
    if mapped is None:
        return None
    if isinstance(mapped, Mapping):
        mapped = {"error": _words(error), **mapped, "success": False}
    outcome = normalise(mapped)
    return fail(_words(error), variables=outcome.variables) if outcome.success else outcome


def _words(error: BaseException) -> str:
    # `str(KeyError("items"))` is `'items'`, which says nothing by itself.
    told = f"KeyError: {error}" if isinstance(error, KeyError) else str(error)
    return told or type(error).__name__
