"""Why there is no answer, in words. Never those of a library: nobody knows what is in them."""

from __future__ import annotations

import os
import socket

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientResponseError,
)

from jackfield.errors import JackfieldError
from jackfield.surfaces.server_errors import Asked, Sent, ServerAnswerUnreadable, ServerUnreachable


def failure(error: Exception, *, url: str, sent: Sent, asked: Asked, timeout_s: float) -> JackfieldError:
    """The error that says what `error` of aiohttp means.

    Args:
        error: What happened.
        url: Of the server.
        sent: Whether the request went out.
        asked: What it wanted.
        timeout_s: How long there was to answer.
    """
    if isinstance(error, ClientResponseError):
        return ServerAnswerUnreadable(url=url, problem="it speaks no HTTP", sent=sent, asked=asked)
    return ServerUnreachable(url=url, reason=_reason(error, sent, timeout_s), sent=sent, asked=asked)


def _reason(error: Exception, sent: Sent, timeout_s: float) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came back within `{timeout_s:g}` s" if sent == "maybe" else "it takes no connections"
    if isinstance(error, ClientConnectorCertificateError):
        return "its certificate is not trusted here"
    if isinstance(error, ClientConnectorSSLError):
        return "it speaks no TLS, or none that is safe"
    if isinstance(error, ClientConnectorDNSError) or isinstance(_cause(error), socket.gaierror):
        return "its name is not known"
    if isinstance(error, ClientConnectorError):
        return os.strerror(error.errno).lower() if error.errno else "no connection"
    return "the connection broke"


def _cause(error: Exception) -> object:
    return error.os_error if isinstance(error, ClientConnectorError) else None
