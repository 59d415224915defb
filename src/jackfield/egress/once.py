"""Keep aiohttp from sending a request a second time.

aiohttp 3.14 sends GET, HEAD, PUT and DELETE again by itself when a kept connection drops. Only its own errors make
it do so; hence ours is none of them. Repeating is decided where it is known whether the command may run twice.
"""

from __future__ import annotations

from aiohttp import (
    ClientConnectorError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ServerDisconnectedError,
)

_UNSENT = "jackfield: nothing was sent"


class Dropped(Exception):
    """The connection broke after the request went out."""


async def send_once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """The middleware: sends, and marks failures before the first byte."""
    try:
        return await handler(request)
    except BaseException as error:
        if request.response is None:
            error.add_note(_UNSENT)
        if isinstance(error, ServerDisconnectedError | ClientOSError) and not isinstance(error, ClientConnectorError):
            raise Dropped from None
        raise


def nothing_sent(error: BaseException) -> bool:
    """Whether `error`, or the cancellation that became it, happened before the request went out."""
    return any(_UNSENT in getattr(seen, "__notes__", ()) for seen in (error, error.__cause__) if seen is not None)
