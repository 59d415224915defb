"""A listed program as an MCP server: a message a line, on its standard input and output."""

from __future__ import annotations

import asyncio
import logging
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from jackfield.execution.mcp.errors import McpServerEnded
from jackfield.execution.processes import end, start
from jackfield.settings.programs import Program

logger = logging.getLogger("jackfield.execution.mcp")

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
_LINE_OF_LOG = 2_000


@asynccontextmanager
async def over_stdio(program: Program, ended: Callable[[McpServerEnded], None]) -> AsyncIterator[Any]:
    """The streams of a process of `program`, for the SDK. With them it ends, and everything that it has started.

    Args:
        program: The operator's.
        ended: Told once, when the process ends or writes what is no message and has no end.

    Raises:
        McpServerEnded: It cannot be started.
    """
    try:
        process = await start(program, line_bytes=MAX_MESSAGE_BYTES)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "it is unusable"
        raise McpServerEnded(command=program.name, reason=f"cannot be started: {reason}") from None
    to_session, incoming = anyio.create_memory_object_stream[Any](0)
    outgoing, from_session = anyio.create_memory_object_stream[Any](0)
    working = [
        asyncio.create_task(_read(process, to_session, program, ended)),
        asyncio.create_task(_write(process, from_session)),
        asyncio.create_task(_log(process, program)),
    ]
    try:
        yield incoming, outgoing
    finally:
        try:
            await end(process)
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            for stream in (to_session, incoming, outgoing, from_session):
                stream.close()


async def _read(process: Process, to_session: Any, program: Program, ended: Callable[[McpServerEnded], None]) -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    reason = "has ended"
    try:
        while line := await process.stdout.readline():
            try:
                message = jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError:  # what some programs print beside their messages
                logger.debug("the MCP server `%s` wrote a line that is no message", program.name)
                continue
            await to_session.send(SessionMessage(message))
    except ValueError:  # of `readline`
        reason = f"wrote a message of more than {MAX_MESSAGE_BYTES} bytes"
    except (anyio.ClosedResourceError, anyio.BrokenResourceError):
        return
    ended(McpServerEnded(command=program.name, reason=reason))
    to_session.close()


async def _write(process: Process, from_session: Any) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    with suppress(ConnectionError, anyio.ClosedResourceError):  # who reads tells that it has ended
        async for message in from_session:
            text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(text.encode() + b"\n")
            await process.stdin.drain()


async def _log(process: Process, program: Program) -> None:
    """What the program says beside the protocol goes to the operator's log, and to nobody who calls."""
    assert process.stderr is not None  # noqa: S101 - a pipe was asked for
    while piece := await process.stderr.read(_LINE_OF_LOG):
        logger.debug("the MCP server `%s` says: %s", program.name, piece.decode("utf-8", "replace").rstrip())
