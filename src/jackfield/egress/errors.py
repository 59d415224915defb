"""What can go wrong between a command and a service.

No message holds a query, a fragment, user information or a header value: they may be secrets. Callers pass
addresses through `urls.shown` first.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from jackfield.errors import CallTimeout, JackfieldError, Retry

Sent = Literal["no", "maybe"]
"""Whether the service may have seen the request: decides whether a write can be repeated safely."""


class UrlRefused(JackfieldError):
    """The network policy forbids an address."""

    code = "url-refused"
    status = 422
    retry: ClassVar[Retry] = "after_fix"

    def __init__(self, *, url: str, reason: str, hint: str = "") -> None:
        super().__init__(
            f"`{url}` may not be called: {reason}",
            hint=hint
            or "name the host or address in `JACKFIELD_EGRESS_ALLOW`, or in the connector's `egress`, if it is "
            "meant to be reached",
            url=url,
            reason=reason,
            sent="no",
        )


class RedirectRefused(UrlRefused):
    """A service redirected to an address that the network policy forbids."""

    code = "redirect-refused"
    status = 502
    retry = "never"
    ran = True

    def __init__(self, *, url: str, location: str, reason: str) -> None:
        JackfieldError.__init__(
            self,
            f"{url} redirected to `{location}`, which may not be called: {reason}",
            hint="call the final address itself if it is meant to be reached",
            url=url,
            location=location,
            reason=reason,
            sent="maybe",
        )


class TooManyRedirects(JackfieldError):
    """A service redirected more often than is followed."""

    code = "too-many-redirects"
    status = 502
    ran = True

    def __init__(self, *, url: str, limit: int) -> None:
        super().__init__(
            f"{url} redirected more than `{limit}` times",
            hint="call the final address itself",
            url=url,
            limit=limit,
            sent="maybe",
        )


class HeaderRefused(JackfieldError):
    """A request header may not be sent."""

    code = "header-refused"
    status = 422
    retry = "after_fix"

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__(
            f"the header `{name}` may not be sent: {reason}",
            hint="leave the header out, or send printable ASCII only",
            name=name,
            reason=reason,
            sent="no",
        )


class AllowEntryInvalid(JackfieldError):
    """An entry of an allow list cannot be understood."""

    code = "allow-entry-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, entry: str, reason: str) -> None:
        super().__init__(
            f"the allow entry `{entry}` {reason}",
            hint="write an address, a network such as `10.0.0.0/8`, a host, `host:port` or `[v6]:port`",
            entry=entry,
            reason=reason,
        )


class Unreachable(JackfieldError):
    """No connection to the service could be made."""

    code = "unreachable"
    status = 502
    retry = "later"
    ran = True

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"no connection to `{host}:{port}`: {reason}",
            hint="check the name, the port, and that the service runs",
            host=host,
            port=port,
            reason=reason,
            sent="no",
        )


class TlsFailed(JackfieldError):
    """The service could not prove who it is."""

    code = "tls-failed"
    status = 502
    ran = True

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"no secure connection to `{host}:{port}`: {reason}",
            hint="check that the certificate is valid for this name and signed by a known authority",
            host=host,
            port=port,
            reason=reason,
            sent="no",
        )


class CertificateRefused(JackfieldError):
    """The service did not take the certificate that the client has shown, or misses one."""

    code = "certificate-refused"
    status = 502
    retry: ClassVar[Retry] = "after_fix"
    ran = True

    def __init__(self, *, host: str, port: int, reason: str, sent: Sent = "no") -> None:
        super().__init__(
            f"`{host}:{port}` does not let this client in: {reason}",
            hint="give the connector a client certificate that the service knows: `auth` of the type `mtls`",
            host=host,
            port=port,
            reason=reason,
            sent=sent,
        )


class Disconnected(JackfieldError):
    """The service dropped the connection before its answer was complete."""

    code = "disconnected"
    status = 502
    retry = "later"
    ran = True

    def __init__(self, *, url: str, sent: Sent = "maybe") -> None:
        super().__init__(
            f"the connection to {url} broke before the answer was complete",
            hint="the service may have acted on the request: check before repeating a write",
            url=url,
            sent=sent,
        )


class ResponseTooLarge(JackfieldError):
    """An answer exceeded the size cap."""

    code = "response-too-large"
    status = 502
    ran = True

    def __init__(self, *, url: str, limit: int) -> None:
        super().__init__(
            f"the answer of {url} is larger than `{limit}` bytes",
            hint="ask the service for less, for example a smaller page",
            url=url,
            limit=limit,
            sent="maybe",
        )


class BadResponse(JackfieldError):
    """A service answered something that is not valid HTTP."""

    code = "bad-response"
    status = 502
    ran = True

    def __init__(self, *, url: str, reason: str) -> None:
        super().__init__(
            f"{url} did not answer valid HTTP: {reason}",
            hint="check that the address and port belong to an HTTP service",
            url=url,
            reason=reason,
            sent="maybe",
        )


def timed_out(*, timeout_s: float, doing: str, sent: Sent) -> CallTimeout:
    """A `CallTimeout` that also says whether the service may have seen the request."""
    error = CallTimeout(timeout_s=timeout_s, doing=doing)
    error.details["sent"] = sent
    return error
