"""One session with a server, held by a task of its own, and used by any number of calls."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Protocol

from mcp import MCPError
from mcp.client.client import Client
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
from mcp_types import (
    CallToolResult,
    Implementation,
    InputRequiredResult,
    LoggingMessageNotificationParams,
    ToolListChangedNotification,
)
from pydantic import ValidationError

from jackfield.errors import CallTimeout, JackfieldError
from jackfield.execution.mcp.errors import McpFailed
from jackfield.execution.mcp.flight import FLIGHT, Flight
from jackfield.execution.mcp.listing import Endless, list_tools
from jackfield.version import __version__

logger = logging.getLogger("jackfield.execution.mcp")

OPEN_S = 30.0
"""Seconds for the handshake."""
CLOSE_S = 5.0
"""Seconds for a farewell."""
FRESH_S = 300.0
"""Seconds after which the tools of a server that has not said anything of a change are asked for again."""

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "notice": logging.INFO, "warning": logging.WARNING}
_TOLD = 2_000


class Connect(Protocol):
    """Connects to a server: gives the streams of the SDK, and tells when they have ended."""

    def __call__(self, ended: Callable[[JackfieldError], None]) -> AbstractAsyncContextManager[Any]:
        """The streams, as an async context manager."""


class Session:
    """A session with one server. Opened when it is made; belongs to one event loop.

    Args:
        connector: For messages.
        connect: Connects to the server.
    """

    def __init__(self, connector: str, connect: Connect) -> None:
        self._connector = connector
        self._connect = connect
        self._own = Flight(log=logging.LoggerAdapter(logger))
        self._flights: set[Flight] = set()
        self._closing = asyncio.Event()
        self._listing = asyncio.Lock()
        self._known: list[dict[str, Any]] = []
        self._changes, self._known_changes = 0, -1
        self._listed = 0.0
        self._failure: JackfieldError | None = None
        self._opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._opened.add_done_callback(
            lambda opened: opened.cancelled() or opened.exception()
        )  # it may interest nobody
        self._holding = asyncio.create_task(self._hold())

    @property
    def over(self) -> bool:
        """Whether no call can use it any more."""
        return self._closing.is_set() or self._holding.done()

    async def tools(self, *, fresh: bool = False) -> Mapping[str, Mapping[str, Any]]:
        """What the server offers, by name. Asked for when the session is opened, when it says that they changed, and
        every five minutes.

        Args:
            fresh: Ask now.

        Raises: as `call`.
        """
        return {str(tool["name"]): tool for tool in reversed(await self.all_tools(fresh=fresh))}

    async def all_tools(self, *, fresh: bool = False) -> list[dict[str, Any]]:
        """As `tools`, in their order, also where two have one name."""
        client = await self._client()
        async with self._listing:
            aged = time.monotonic() - self._listed > FRESH_S
            if fresh or aged or self._known_changes != self._changes:
                changes = self._changes  # what is said to have changed while they are asked for counts
                self._known = await self._answer(list_tools(client.session))
                self._known_changes, self._listed = changes, time.monotonic()
            return self._known

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """What a tool answers. Cancelled, it cancels the call at the server.

        Raises:
            McpFailed: The server refuses, or asks for what a program cannot give.
            JackfieldError: There is no answer.
        """
        client = await self._client()
        calling = client.session.call_tool(
            tool, dict(arguments), progress_callback=_progress, allow_input_required=True
        )
        result: CallToolResult | InputRequiredResult = await self._answer(calling)
        if isinstance(result, InputRequiredResult):
            raise McpFailed(
                connector=self._connector, reason=f"`{tool[:200]}` asks a person for input, and nobody is there"
            )
        return result

    async def close(self) -> None:
        """End it, and the process behind it."""
        self._closing.set()
        if not self._opened.done():
            self._holding.cancel()
        await asyncio.wait([self._holding], timeout=CLOSE_S)
        if not self._holding.done():
            self._holding.cancel()
            await asyncio.wait([self._holding])

    async def _client(self) -> Client:
        return await asyncio.shield(self._opened)

    async def _answer(self, answering: Any) -> Any:
        """What the server answers to one request, under the flight of this task."""
        flight = FLIGHT.get() or self._own
        self._flights.add(flight)
        try:
            return await answering
        except MCPError as error:
            raise self._told(error, flight.failure) from None
        except Endless as error:
            raise McpFailed(connector=self._connector, reason=str(error)) from None
        except ValidationError:
            raise McpFailed(connector=self._connector, reason="its answer is none of the protocol") from None
        finally:
            self._flights.discard(flight)

    def _told(self, error: MCPError, failure: JackfieldError | None) -> JackfieldError:
        known = failure or self._failure
        return known or McpFailed(connector=self._connector, reason=error.message, rpc_code=error.code)

    async def _hold(self) -> None:
        """Open the session, keep it until it is closed, and close it: all in one task, as its scopes want it."""
        FLIGHT.set(self._own)
        try:
            async with AsyncExitStack() as opened:
                async with asyncio.timeout(OPEN_S):
                    client = await opened.enter_async_context(self._made())
                client.session.validate_tool_result = _unjudged  # type: ignore[method-assign]
                self._opened.set_result(client)
                watching = asyncio.create_task(self._watch(client))
                try:
                    await self._closing.wait()
                finally:
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and self._opened.done():
                raise
            self._give_up(error)
        finally:
            self._closing.set()

    def _made(self) -> Client:
        client = Client(
            self._connect(self._end),
            cache=None,
            client_info=Implementation(name="jackfield", version=__version__),
            log_level="debug",
            logging_callback=self._log,
            message_handler=self._hear,
        )
        return client

    def _give_up(self, error: BaseException) -> None:
        known = self._cause(error)
        if not self._opened.done():
            self._opened.set_exception(known)
        self._failure = self._failure or known

    def _cause(self, error: BaseException) -> JackfieldError:
        """What kept a session from being opened, whatever it is wrapped in."""
        if self._failure or self._own.failure:
            return self._failure or self._own.failure  # type: ignore[return-value]  # one of them is there
        inner: BaseException = error
        while isinstance(inner, BaseExceptionGroup):
            inner = inner.exceptions[0]
        if isinstance(inner, JackfieldError):
            return inner
        if isinstance(inner, TimeoutError):
            return CallTimeout(timeout_s=OPEN_S, doing=f"opening a session with the MCP server of `{self._connector}`")
        if isinstance(inner, asyncio.CancelledError):
            return McpFailed(connector=self._connector, reason="the session was given up while it was opened")
        reason = inner.message if isinstance(inner, MCPError) else f"it does not speak MCP ({type(inner).__name__})"
        return McpFailed(connector=self._connector, reason=reason)

    def _end(self, failure: JackfieldError) -> None:
        """The server has gone by itself."""
        self._failure = failure
        self._closing.set()

    async def _watch(self, client: Client) -> None:
        """Forget the tools when the server says that they changed; of the revision that has to be asked to say so."""
        said = client.server_capabilities.tools
        if said is None or not said.list_changed:
            return
        try:
            async with client.listen(tools_list_changed=True) as changes:
                async for _ in changes:
                    self._changes += 1
        except (ListenNotSupportedError, SubscriptionLost, MCPError, TimeoutError):
            return  # then they are asked for every few minutes

    async def _hear(self, message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._changes += 1

    async def _log(self, params: LoggingMessageNotificationParams) -> None:
        flight = FLIGHT.get()
        if flight in (None, self._own) and len(self._flights) == 1:
            (flight,) = self._flights  # whose else could it be
        text = params.data if isinstance(params.data, str) else repr(params.data)
        log = (flight or self._own).log
        log.log(_LEVELS.get(params.level, logging.ERROR), "%s", text[:_TOLD])


async def _unjudged(name: str, result: CallToolResult) -> None:
    """In place of the SDK's check against the output schema: it runs a stranger's patterns with Python's `re`, which
    one of them can keep busy for ever, on the event loop.
    """


async def _progress(progress: float, total: float | None, message: str | None) -> None:
    flight = FLIGHT.get()
    if flight is not None:
        part = f"{progress:g} of {total:g}" if total else f"{progress:g}"
        flight.log.info("progress: %s%s", part, f": {message[:_TOLD]}" if message else "")
