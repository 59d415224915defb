"""The execution model of upstream MCP servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from jackfield.definition.mcp.differences import different_fields
from jackfield.definition.mcp.tools import SERVER, is_listing, pinned_part, tools_of
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome, fail, succeed
from jackfield.errors import UpstreamStatus, WrongUse
from jackfield.execution.mcp.errors import McpCommandNotListed, McpServerEnded, ToolChanged, ToolRemoved
from jackfield.execution.mcp.flight import FLIGHT, Flight
from jackfield.execution.mcp.sessions import Key, Sessions
from jackfield.execution.model import Invocation
from jackfield.settings.programs import Program

if TYPE_CHECKING:
    from jackfield.execution.mcp.session import Session

_GONE = 404
"""Status with which a server says that it does not know a session any more."""


class McpModel:
    """Calls tools. What it is asked for must be what was pinned: a server may have another idea of it by now.

    Args:
        programs: That the operator lists; no other is ever started.
    """

    name: ExecutionModelName = "mcp"
    through_http = False  # sessions are kept, and a call's trail does not tell what went out on them

    def __init__(self, programs: Sequence[Program] = ()) -> None:
        self._programs = {program.name: program for program in programs}
        self._sessions = Sessions()

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Call the tool of a command, or list what the server offers.

        Raises:
            ToolChanged, ToolRemoved: The server does not offer it as it is pinned; nothing was called.
            McpCommandNotListed: Its program is none that may be started.
            JackfieldError: It could not be reached, or did not answer.
        """
        if not is_listing(invocation.definition):
            return await self._call(invocation)
        async with self._session(invocation) as session:
            return succeed({"tools": await session.all_tools(fresh=True)})

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """None: a tool has no scenarios of its own. Its mocks are stored with a connector."""
        return fail(f"the tool has no scenario `{scenario}`", diagnostics={"command": command.name})

    async def check(self, definition: ConnectorDefinition) -> None:
        """Do nothing if its program, where it names one, may be started.

        Raises:
            McpCommandNotListed: It may not.
        """
        command = definition.source[SERVER].get("command")
        if command is not None:
            self._program(command)

    def forget(self, connector_id: str) -> None:
        """Close what was opened for a connector; see `execution.model.Keeper`."""
        self._sessions.forget(connector_id)

    async def close(self) -> None:
        """Close every session, and end every program."""
        await self._sessions.close()

    async def _call(self, invocation: Invocation) -> Outcome[Any]:
        pinned = tools_of(invocation.definition.source)[invocation.command.name]
        for last in (False, True):
            try:
                async with self._session(invocation) as session:
                    self._check_pinned(invocation, pinned, await session.tools())
                    from jackfield.execution.mcp.results import outcome_of

                    result = await session.call(pinned["name"], invocation.params)
                    return outcome_of(result, tool=pinned["name"])
            except UpstreamStatus as error:
                # It has forgotten the session, and so has not looked at the call: it may be sent again.
                if last or error.upstream_status != _GONE:
                    raise
        raise AssertionError("the second attempt answers or raises")

    def _check_pinned(
        self, invocation: Invocation, pinned: Mapping[str, Any], offered: Mapping[str, Mapping[str, Any]]
    ) -> None:
        named = {"connector": invocation.connector, "command": invocation.command.name, "tool": pinned["name"]}
        now = offered.get(pinned["name"])
        if now is None:
            raise ToolRemoved(**named, known=list(offered))
        if fields := different_fields(pinned, pinned_part(now)):
            raise ToolChanged(**named, fields=fields)

    @asynccontextmanager
    async def _session(self, invocation: Invocation) -> AsyncIterator[Session]:
        """A session with the server, under a flight of this call."""
        from jackfield.execution.mcp.session import Session

        connect, identity = await self._connect(invocation)
        key = Key(invocation.connector_id, invocation.revision, identity)
        before = FLIGHT.set(Flight(log=invocation.log))
        try:
            async with self._sessions.borrow(key, lambda: Session(invocation.connector, connect)) as session:
                try:
                    yield session
                except (UpstreamStatus, McpServerEnded):
                    self._sessions.drop(key, session)
                    raise
        finally:
            FLIGHT.reset(before)

    async def _connect(self, invocation: Invocation) -> tuple[Any, str]:
        """How to reach the server, and who may share the session."""
        where = invocation.definition.source[SERVER]
        if "command" in where:
            from jackfield.execution.mcp.stdio import over_stdio

            return partial(over_stdio, self._program(where["command"])), where["command"]
        from jackfield.execution.mcp.http import Transports, over_http

        if not isinstance(invocation.http, Transports):
            raise WrongUse(
                "the client of this call has no transport for MCP", hint="call the connector through `Jackfield`"
            )
        transport, url = invocation.http.transport(), where["url"]

        def connect(ended: object) -> AbstractAsyncContextManager[Any]:
            return over_http(url, transport)

        return connect, await transport.identity(url)

    def _program(self, command: str) -> Program:
        program = self._programs.get(command)
        if program is None:
            raise McpCommandNotListed(command=command, listed=list(self._programs))
        return program
