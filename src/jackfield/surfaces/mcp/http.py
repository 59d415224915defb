"""The SDK's session manager, which speaks both revisions, with what it does not do itself around it."""

from __future__ import annotations

import asyncio
import contextvars
import hashlib

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.context import ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.types import Receive, Scope, Send

from jackfield.surfaces.errors import ServerStopping
from jackfield.surfaces.mcp.changes import PER_CALLER, Watch
from jackfield.surfaces.mcp.endpoint import AGAIN, VISIT
from jackfield.surfaces.mcp.errors import TooManyMcpSessions
from jackfield.surfaces.mcp.handlers import Handlers
from jackfield.surfaces.mcp.leash import Leashes
from jackfield.surfaces.mcp.server import make_server
from jackfield.surfaces.mcp.services import McpServices
from jackfield.surfaces.mcp.subscriptions import Subscriptions
from jackfield.surfaces.mcp.visit import Visit

IDLE_S = 30 * 60.0
"""A session that nobody uses for so long is over."""
MAX_SESSIONS = 2_000

_LISTEN = b"subscriptions/listen"


async def start(services: McpServices) -> Host:
    """What answers requests from now on. Closed by `close`, in the same event loop."""
    host = Host(services)
    await host.start()
    return host


class Host:
    """One session manager, for as long as the server runs."""

    def __init__(self, services: McpServices) -> None:
        self._watch = Watch()
        self._leashes = Leashes()
        handlers = Handlers(services.tools, authoring=services.authoring, who=_who, visit=services.visit)
        self._subscriptions = Subscriptions(handlers, self._watch)
        self._manager = StreamableHTTPSessionManager(
            app=make_server(handlers, self._watch, self._subscriptions, tells=not services.stateless),
            stateless=services.stateless,
            session_idle_timeout=None if services.stateless else IDLE_S,
            max_sessions=MAX_SESSIONS,
            max_request_body_size=services.max_request_bytes,
        )
        self._started, self._ending = asyncio.Event(), asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._stateless = services.stateless

    async def start(self) -> None:
        """Take requests. The manager is entered and left in one task of its own, which its sessions live in."""
        # Not in the context of whoever comes first: its values are nobody else's.
        self._running = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())
        await self._started.wait()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, whose state has its visit."""
        if self._ending.is_set():
            raise ServerStopping
        visit: Visit = scope["state"][VISIT]
        # White space around a value is none of it (RFC 9110, section 5.5), which the SDK's comparisons do not know.
        scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        headers = dict(scope["headers"])
        self._require_room(visit, headers, scope["method"])
        scope["user"] = AuthenticatedUser(_owner(visit, scope, headers))
        listens = headers.get(b"mcp-method") == _LISTEN
        if scope["method"] == "GET" or listens:
            # Who listens in the newer revision is told when that is over.
            async with self._leashes.on(receive, scope["state"][AGAIN], until_end=not listens) as leashed:
                await self._manager.handle_request(scope, leashed, send)
            return
        await self._manager.handle_request(scope, receive, send)

    def end_streams(self) -> None:
        """Let go of whoever listens; calls may finish."""
        self._leashes.end()
        self._subscriptions.close()

    async def close(self) -> None:
        """End all sessions, and what they are doing."""
        self._watch.close()
        self._ending.set()
        if self._running is not None:
            await self._running

    def _require_room(self, visit: Visit, headers: dict[bytes, bytes], method: str) -> None:
        """Refuse one more session of a caller who has many: the others would find no room."""
        begins = method == "POST" and b"mcp-session-id" not in headers and not self._stateless
        modern = headers.get(b"mcp-protocol-version", b"").decode("latin-1") in MODERN_PROTOCOL_VERSIONS
        if begins and not modern and not self._watch.has_room(visit.principal):
            raise TooManyMcpSessions(sessions=min(PER_CALLER, self._watch.own(visit.principal)))

    async def _run(self) -> None:
        async with self._manager.run():
            self._started.set()
            await self._ending.wait()


async def _who(ctx: ServerRequestContext) -> Visit:
    """Of this very request: in a session, each has been judged anew."""
    assert ctx.request is not None  # noqa: S101 - all come over HTTP
    visit: Visit = ctx.request.scope["state"][VISIT]
    return visit


def _owner(visit: Visit, scope: Scope, headers: dict[bytes, bytes]) -> AccessToken:
    """Whose a session is: of this token, and of this gateway. Another's is answered as if it did not exist.

    Tokens of the company's issuer are replaced every few minutes, and all of a user allow the same: such a session is
    the user's.
    """
    session = scope["state"].get("session")
    shown = session.id.encode() if session else headers.get(b"authorization", b"")
    if visit.principal.bearer is not None:
        shown = f"issuer {visit.principal.id}".encode()
    digest = hashlib.sha256(shown).hexdigest()
    return AccessToken(
        token="", client_id=digest, scopes=[], subject=visit.principal.id, claims={"iss": visit.gateway.name}
    )
