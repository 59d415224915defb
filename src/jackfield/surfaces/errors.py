"""What can be wrong with a request to a server before anything is called. Clients know these errors too."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class TokenMissing(JackfieldError):
    """A request came without a token."""

    code = "token-missing"
    status = 401
    retry = "after_fix"

    def __init__(self, *, given: str = "") -> None:
        super().__init__(
            f"the scheme of the header `Authorization` is `{given[:40]}`" if given else "the request has no token",
            hint="send the header `Authorization: Bearer <token>`, or set `JACKFIELD_TOKEN`; "
            "`jackfield users token NAME` makes a token",
        )


class CsrfRefused(JackfieldError):
    """A request with a browser's session may have been sent by another site's page."""

    code = "csrf-refused"
    status = 403
    retry = "after_fix"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            f"the request could be another page's: {problem}",
            hint="reload the page; behind a proxy, let it pass `Host` on as the browser sent it",
            problem=problem,
        )


class BodyTooLarge(JackfieldError):
    """The body of a request is larger than the server takes."""

    code = "body-too-large"
    status = 413
    retry = "after_fix"

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"the body has more than `{limit}` bytes",
            hint="send less, or raise `JACKFIELD_MAX_REQUEST_BYTES` on the server",
            limit=limit,
        )


class BodyUnreadable(JackfieldError):
    """The body of a request is not the JSON that it must be."""

    code = "body-unreadable"
    status = 400
    retry = "after_fix"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            f"the body cannot be read: {problem}", hint="send one JSON object (RFC 8259) in UTF-8", problem=problem
        )


class BodyUnclear(JackfieldError):
    """The body of a call mixes two styles, so that it is not clear what is a param."""

    code = "body-unclear"
    status = 422
    retry = "after_fix"

    def __init__(self, *, problem: str, keys: list[str]) -> None:
        super().__init__(
            problem,
            hint='send `{"command": "...", "params": {...}}` with every param inside `params`, and beside it only '
            "`options`, `plan`, `credentialId` and `idempotencyKey`",
            keys=keys,
        )


class RouteNotFound(JackfieldError):
    """The server has nothing at that path."""

    code = "route-not-found"
    status = 404
    retry = "after_fix"

    def __init__(self, *, path: str) -> None:
        super().__init__(
            f"there is no route `{path[:200]}`", hint="`/docs` shows every route in a browser", path=path[:200]
        )


class MethodNotAllowed(JackfieldError):
    """The path exists, but not with that method."""

    code = "method-not-allowed"
    status = 405
    retry = "after_fix"

    def __init__(self, *, method: str, path: str, allowed: list[str]) -> None:
        super().__init__(
            f"`{path[:200]}` does not take `{method[:20]}`",
            hint=f"it takes {', '.join(f'`{name}`' for name in allowed)}" if allowed else "`/docs` shows every route",
            path=path[:200],
            method=method[:20],
            allowed=allowed,
        )


class InternalError(JackfieldError):
    """Something went wrong in the server that nobody thought of."""

    code = "internal-error"
    status = 500
    retry = "later"

    def __init__(self, *, request_id: str) -> None:
        super().__init__(
            "the server met something that it did not expect",
            hint=f"look for `{request_id}` in the server's log, and report what you find there",
        )


class ServerStopping(JackfieldError):
    """The server was stopped, and what it was doing took longer than it may then take."""

    code = "server-stopping"
    status = 503
    retry = "later"

    def __init__(self) -> None:
        super().__init__(
            "the server is being stopped, and the request had not ended in time",
            hint="ask again once it runs; before you repeat a write without its idempotency key, look at `executions`",
        )


class NetworkFailed(JackfieldError):
    """An operation that was tested did not reach its service."""

    code = "network-failed"
    status = 502
    retry = "later"

    def __init__(self, *, reason: str, cause: str, hint: str, execution_id: str) -> None:
        super().__init__(
            reason,
            hint=hint or "look whether the service runs, and whether its address is right",
            cause=cause,
            executionId=execution_id,
        )
