"""What every request passes first: its id, its caller, its size, and the two ways to write a path.

Pure ASGI: one `BaseHTTPMiddleware` costs more than all of it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jackfield.access.errors import TokenUnknown
from jackfield.access.principal import Principal
from jackfield.errors import JackfieldError
from jackfield.surfaces.errors import BodyTooLarge, InternalError, ServerStopping
from jackfield.surfaces.mounted import Mounted
from jackfield.surfaces.rest.cookie_callers import session_of
from jackfield.surfaces.rest.given import token_of
from jackfield.surfaces.rest.problems import problem
from jackfield.surfaces.rest.services import Services

CONNECT, CONNECT_FILES = "/connect/", "/connect/files/"
OPEN = frozenset({"/", "/api/health", "/api/oauth/callback", "/docs", "/ui"})
"""What is answered without a token, with `OPEN_BELOW`: it says nothing of this installation. All else is guarded, also
what does not exist."""
OPEN_BELOW = ("/api/oauth/callback/", "/api/oauth/done/", CONNECT, "/docs/", "/ui/")
SIGN_IN = ("POST", "/api/session")
"""Is answered without one too: the token is in its body."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_PROCESS, _count = os.urandom(6).hex(), itertools.count(1)
"""An id needs to be found in a log, and need not be guessed at by nobody."""
_ANSWER_HEADERS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
_OPEN_ANSWER_HEADERS = _ANSWER_HEADERS[:1]

requests = logging.getLogger("jackfield.requests")
log = logging.getLogger("jackfield.rest")


class Edge:
    """The outermost part of the server."""

    def __init__(self, app: ASGIApp, services: Services, mounted: Sequence[Mounted] = ()) -> None:
        """Args:
        app: Gets requests with `scope["state"]` holding `request_id`, `head` where only
            that is wanted, and `caller` where a token is needed.
        services: Of the server.
        mounted: Get theirs in its place.
        """
        self._app = app
        self._services = services
        self._mounted = mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":  # the server offers nothing else, so nobody has been asked for a token there
            raise RuntimeError(f"the server was asked for `{scope['type']}`")
        started = time.perf_counter()
        headers = _Headers(scope["headers"])
        answer = _Answer(send, headers.request_id)
        state = scope.setdefault("state", {})
        state["request_id"] = headers.request_id
        _shorten(scope)
        if scope["method"] == "HEAD":  # whoever answers GET answers it too; the server leaves the body out
            scope = {**scope, "method": "GET"}
            state["head"] = True
        mounted = next((each for each in self._mounted if each.owns(scope["path"])), None)
        try:
            await self._let_in(mounted, scope, headers, answer)
            await (mounted or self._app)(scope, self._limited(headers, receive), answer.send)
        except JackfieldError as error:
            await self._refuse(scope, receive, answer, error, mounted.headers_of(scope, error) if mounted else {})
        except asyncio.CancelledError:  # the server ends and waits no longer; nothing is left that could be cancelled
            await self._refuse(scope, receive, answer, ServerStopping())
        except ClientDisconnect:
            pass  # nobody is there to be told
        except Exception:
            log.exception("%s: %s %s failed", headers.request_id, scope["method"], _path(scope))
            await self._refuse(scope, receive, answer, InternalError(request_id=headers.request_id))
        if requests.isEnabledFor(logging.INFO):
            _note(scope, answer, started)

    async def _let_in(self, mounted: Mounted | None, scope: Scope, headers: _Headers, answer: _Answer) -> None:
        """Find the caller, where one is needed."""
        if mounted is not None:
            mounted.admit(scope)
            if not mounted.is_open(scope["path"]):
                await self._let_in_again_and_again(scope, headers)
        elif _is_guarded(scope["path"]) and (scope["method"], scope["path"]) != SIGN_IN:
            caller = scope["state"]["caller"] = await self._authenticate(scope, headers)
            if caller.gateway is not None:  # it counts with the surface that has gateways
                await self._services.manage.gateways.refuse(caller, place=_path(scope))
        else:
            answer.may_be_cached = True

    async def _let_in_again_and_again(self, scope: Scope, headers: _Headers) -> None:
        """Find the caller, and leave how to do so again: the answers of other surfaces may go on and on."""
        caller = scope["state"]["caller"] = await self._authenticate(scope, headers)

        async def again() -> None:
            if await self._authenticate(scope, headers, uses=False) != caller:
                raise TokenUnknown

        scope["state"]["again"] = again

    async def _authenticate(self, scope: Scope, headers: _Headers, *, uses: bool = True) -> Principal:
        if not headers.authorization:
            session = scope["state"]["session"] = await session_of(scope, self._services.sessions, uses=uses)
            return session.principal
        return await self._services.authenticate(token_of(headers.authorization))

    def _limited(self, headers: _Headers, receive: Receive) -> Receive:
        """`receive`, which refuses a body that is too large; at once where its length is told beforehand."""
        limit = self._services.max_request_bytes
        if headers.length is not None:
            if headers.length > limit:
                raise BodyTooLarge(limit=limit)
            return receive  # the server lets no more through than it was told
        return _counted(receive, limit)

    async def _refuse(
        self,
        scope: Scope,
        receive: Receive,
        answer: _Answer,
        error: JackfieldError,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        if not answer.started:  # else the client sees a torn answer, which is what it is
            await problem(error, answer.request_id, headers)(scope, receive, answer.send)


class _Headers:
    """The headers that the edge looks at, in one pass."""

    __slots__ = ("authorization", "length", "request_id")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.authorization = ""
        self.length: int | None = None
        given = b""
        for name, value in headers:
            if name == b"authorization":
                self.authorization = value.decode("latin-1")
            elif name == b"content-length":
                self.length = int(value) if value.isdigit() else None
            elif name == b"x-request-id":
                given = value
        self.request_id = given.decode() if _REQUEST_ID.fullmatch(given) else f"{_PROCESS}{next(_count):08x}"


class _Answer:
    """Sends an answer with the headers that all have, and remembers its status."""

    __slots__ = ("_send", "may_be_cached", "request_id", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.may_be_cached = False
        self.status = 0

    @property
    def started(self) -> bool:
        return self.status != 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = message.get("headers", ())
            usual = _OPEN_ANSWER_HEADERS if self.may_be_cached and _says_how_long(given) else _ANSWER_HEADERS
            message["headers"] = [*given, (b"x-request-id", self.request_id.encode()), *usual]
        await self._send(message)


def _shorten(scope: Scope) -> None:
    """`/api/v1/...` is `/api/...`."""
    path: str = scope["path"]
    if path.startswith("/api/v1/"):
        scope["path"] = "/api" + path[7:]
        scope.pop("raw_path", None)


def _is_guarded(path: str) -> bool:
    # By what is open, not by what is guarded: `/executions` with a line break behind it finds the same route.
    return path not in OPEN and not path.startswith(OPEN_BELOW)


def _says_how_long(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an answer says itself how long it may be kept."""
    return any(name == b"cache-control" for name, _ in headers)


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge(limit=limit)
        return message

    return counted


def _path(scope: Scope) -> str:
    """For a line of the log: without the line breaks of a stranger, and without what opens a connect link."""
    if scope["path"].startswith(CONNECT) and not scope["path"].startswith(CONNECT_FILES):
        return f"{CONNECT}..."
    return quote(scope["path"], safe="/")


def _note(scope: Scope, answer: _Answer, started: float) -> None:
    """Without the query, in which people put what should not be kept."""
    caller: Principal | None = scope["state"].get("caller")
    requests.info(
        "%s %s %s %d %.1f ms %s",
        answer.request_id,
        scope["method"],
        _path(scope),
        answer.status,
        (time.perf_counter() - started) * 1000,
        caller.user if caller else "-",
    )
