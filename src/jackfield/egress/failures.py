"""Turn what aiohttp raises into the errors of this package."""

from __future__ import annotations

import asyncio
import errno

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientResponseError,
    ConnectionTimeoutError,
)
from aiohttp.http_exceptions import LineTooLong

from jackfield.egress.errors import (
    BadResponse,
    CertificateRefused,
    Disconnected,
    Sent,
    TlsFailed,
    Unreachable,
    timed_out,
)
from jackfield.egress.once import Dropped, nothing_sent
from jackfield.egress.urls import Target
from jackfield.errors import JackfieldError


def translate(error: Exception, *, target: Target, method: str, timeout_s: float) -> JackfieldError:
    """The error that tells a caller what `error` means.

    Raise it `from None`: aiohttp's own messages may hold the whole URL, query included.
    """
    if isinstance(error, JackfieldError):
        return error
    unconnected = _unconnected(error, target.origin.host, target.origin.port)
    if unconnected is not None:
        return unconnected
    if isinstance(error, Dropped) and error.alert in _CERTIFICATE_ALERTS:
        host, port = target.origin.host, target.origin.port
        return CertificateRefused(host=host, port=port, reason=_words(error.alert), sent="maybe")
    url = target.shown
    sent: Sent = "no" if nothing_sent(error) else "maybe"
    if isinstance(error, asyncio.TimeoutError):
        return timed_out(timeout_s=timeout_s, doing=f"{method} {url}", sent=sent)
    if isinstance(error, ClientResponseError):
        return BadResponse(url=url, reason=_parse_reason(error))
    return Disconnected(url=url, sent=sent)


def _unconnected(error: Exception, host: str, port: int) -> JackfieldError | None:
    if isinstance(error, ConnectionTimeoutError):
        return Unreachable(host=host, port=port, reason="it did not answer in time")
    if isinstance(error, ClientConnectorSSLError):
        reason = str(getattr(error.os_error, "reason", "") or "")
        if reason in _CERTIFICATE_ALERTS:
            return CertificateRefused(host=host, port=port, reason=_words(reason))
    if isinstance(error, ClientConnectorCertificateError | ClientConnectorSSLError):
        return TlsFailed(host=host, port=port, reason=_tls_reason(error))
    if isinstance(error, ClientConnectorError):
        return Unreachable(host=host, port=port, reason=_connect_reason(error))
    return None


def _tls_reason(error: ClientConnectorCertificateError | ClientConnectorSSLError) -> str:
    if isinstance(error, ClientConnectorCertificateError):
        return getattr(error.certificate_error, "verify_message", "") or "the certificate was not accepted"
    reason = str(getattr(error.os_error, "reason", "") or "")
    if reason.endswith("HANDSHAKE_FAILURE"):
        return "it ended the handshake; it may want a client certificate, or other ciphers"
    return _words(reason) or "it does not speak TLS"


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower()


# What a service says of a client's certificate, in the words of OpenSSL.
_CERTIFICATE_ALERTS = frozenset(
    {
        *("TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_UNKNOWN_CA", "TLSV1_ALERT_ACCESS_DENIED"),
        *("SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_REVOKED"),
        *("SSLV3_ALERT_CERTIFICATE_EXPIRED", "SSLV3_ALERT_CERTIFICATE_UNKNOWN"),
    }
)


def _connect_reason(error: ClientConnectorError) -> str:
    if isinstance(error, ClientConnectorDNSError):
        return "the name has no address"
    if isinstance(error.os_error, ConnectionResetError):
        return "the connection was reset"  # while TLS was set up, it has no number
    # Without the words of asyncio, which repeat the address.
    return _ERRNO_WORDS.get(error.os_error.errno or 0, "the connection failed")


_ERRNO_WORDS = {
    errno.ENETUNREACH: "the network is unreachable",
    errno.ECONNRESET: "the connection was reset",
    errno.ETIMEDOUT: "it did not answer in time",
    errno.ECONNREFUSED: "the connection was refused",
    errno.EHOSTUNREACH: "there is no route to the host",
}


def _parse_reason(error: ClientResponseError) -> str:
    # aiohttp wraps the parser's error twice. Its words quote the answer, which may hold secrets.
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, LineTooLong):
            return "a line of its head is too long"
        cause = cause.__cause__
    return "its head cannot be read"
