"""Keep aiohttp from sending a request a second time, and know whether it was sent at all.

aiohttp 3.14 repeats GET, HEAD, PUT and DELETE by itself when a kept connection drops, unless the error is none of its
own.
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

from jackfield.surfaces.server_errors import Sent


class Dropped(Exception):
    """The connection broke after the request went out."""


class Once:
    """The middleware of one request.

    Attributes:
        sent: `maybe` once the server may have seen it.
    """

    def __init__(self) -> None:
        self.sent: Sent = "no"

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send it."""
        try:
            response = await handler(request)
        except BaseException as error:
            self.sent = "maybe"
            if request.response is None:
                self.sent = "no"
            if isinstance(error, ServerDisconnectedError | ClientOSError) and not isinstance(
                error, ClientConnectorError
            ):
                raise Dropped from None
            raise
        self.sent = "maybe"
        return response
