"""Real HTTP services on loopback for tests and for the examples in the documentation."""

from __future__ import annotations

import json
import re
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as the service saw it. Header names are lower-case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the service answers: bytes as they are, anything else as JSON, None as no body."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Asked], Answer]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running service.

    Attributes:
        url: Base URL, without a final slash.
        address: `host:port`, as `JACKFIELD_EGRESS_ALLOW` takes it.
        asked: Every request so far, oldest first.
    """

    url: str
    address: str
    asked: list[Asked]


@contextmanager
def serve(handler: Handler, *, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    """Serve `handler` on a free loopback port until the block ends, over TLS if asked for.

    Each connection has its own thread, so `handler` may be called by several at once.
    """
    asked: list[Asked] = []
    server = _Server(("127.0.0.1", 0), _request_handler(handler, asked))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    # A short poll, because `shutdown` waits for one.
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    address = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield Service(url=f"{'https' if tls else 'http'}://{address}", address=address, asked=asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def todos() -> Handler:
    """A small service with a list of things to do, as the documentation uses it.

    `GET /todos`, `POST /todos`, `GET /todos/<id>`; anything else is 404.
    """
    items = [
        {"id": 1, "title": "Write a connector", "done": False},
        {"id": 2, "title": "Call it from everywhere", "done": False},
    ]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/todos" and asked.method == "GET":
            return Answer(body=items)
        if asked.path == "/todos" and asked.method == "POST":
            items.append({"id": len(items) + 1, "title": str(asked.json()["title"]), "done": False})
            return Answer(status=201, body=items[-1])
        wanted = re.fullmatch(r"/todos/(\d+)", asked.path)
        found = [item for item in items if wanted and item["id"] == int(wanted[1])]
        if found and asked.method == "GET":
            return Answer(body=found[0])
        return Answer(status=404, body={"error": f"there is nothing at {asked.path}"})

    return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024  # of five, the sixth that connects at once waits for seconds

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is often what a test is about; a mistake in a handler is not.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _request_handler(handler: Handler, seen: list[Asked]) -> type[BaseHTTPRequestHandler]:
    class RequestHandler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def reply(self) -> None:
            asked = _read(self)
            seen.append(asked)
            _write(self, handler(asked))

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = reply  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing: requests are in `Service.asked`."""

    return RequestHandler


def _read(request: BaseHTTPRequestHandler) -> Asked:
    parts = urlsplit(request.path)
    return Asked(
        method=request.command,
        path=parts.path,
        query=parse_qs(parts.query, keep_blank_values=True),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.rfile.read(int(request.headers.get("Content-Length") or 0)),
    )


def _write(request: BaseHTTPRequestHandler, answer: Answer) -> None:
    plain = isinstance(answer.body, bytes) or answer.body is None
    body = (answer.body or b"") if plain else json.dumps(answer.body).encode()
    headers = {"Content-Length": str(len(body))} | ({} if plain else {"Content-Type": "application/json"})
    request.send_response(answer.status)
    for name, value in (headers | answer.headers).items():
        request.send_header(name, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)
