"""Keep aiohttp from sending a request a second time.

aiohttp 3.14 sends GET, HEAD, PUT and DELETE again by itself when a kept connection drops. Only its own errors make
it do so; hence ours is none of them. Repeating is decided where it is known whether the command may run twice.
"""

from __future__ import annotations

import ssl

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
    """The connection broke after the request went out.

    Attributes:
        alert: What TLS said of it, in the words of OpenSSL; empty where it said nothing.
    """

    def __init__(self, alert: str = "") -> None:
        super().__init__(alert)
        self.alert = alert


async def send_once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """The middleware: sends, and marks failures before the first byte."""
    try:
        return await handler(request)
    except BaseException as error:
        if request.response is None:
            error.add_note(_UNSENT)
        if isinstance(error, ServerDisconnectedError | ClientOSError) and not isinstance(error, ClientConnectorError):
            raise Dropped(_alert_of(error)) from None
        raise


def _alert_of(error: BaseException) -> str:
    # TLS 1.3 refuses a client's certificate when the connection is already there: the first thing that is read says so.
    cause = error.__cause__
    return str(cause.reason) if isinstance(cause, ssl.SSLError) and cause.reason else ""


def nothing_sent(error: BaseException) -> bool:
    """Whether `error`, or the cancellation that became it, happened before the request went out."""
    return any(_UNSENT in getattr(seen, "__notes__", ()) for seen in (error, error.__cause__) if seen is not None)
