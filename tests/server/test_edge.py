"""What every request passes first: who asks, how much it sends, and what is noted of it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.types import Message

from jackfield.access.principal import LOCAL
from jackfield.errors import JackfieldError
from jackfield.surfaces.rest.app import make_app, make_routes
from jackfield.surfaces.rest.execute import routes as hot_routes
from jackfield.surfaces.rest.services import Services
from server.world import At, answer_of
from surfaces.served import ADMIN_TOKEN

LIMIT = 20_000
"""Bytes of a body that the server `memory_server` takes."""

NOBODY = ""


async def refuse_token(text: str) -> Any:
    raise AssertionError("nothing may be looked up")


def services_of(authenticate: Any, run: Any, check: Any) -> Services:
    return Services(
        authenticate=authenticate, sessions=None, run=run, manage=None, check=check, max_request_bytes=LIMIT
    )


SERVICES = services_of(refuse_token, refuse_token, refuse_token)


def every_route() -> list[tuple[str, str]]:
    """Method and path of every route of the application, hot ones included."""
    found = [(method, route.path) for route in hot_routes(SERVICES) for method in route.methods or ()]
    for route in make_routes(SERVICES).routes:
        found += _of(route)
    return sorted({(method, path) for method, path in found if method != "HEAD"})


def _of(route: Any) -> list[tuple[str, str]]:
    inner = getattr(route, "original_router", None) or getattr(route, "router", None)
    if getattr(route, "methods", None):
        return [(method, route.path) for method in route.methods]
    return [each for found in inner.routes for each in _of(found)] if inner is not None else []


ROUTES = every_route()
SIGN_IN_PAGES = {"/api/oauth/callback", "/api/oauth/callback/{slug}", "/api/oauth/done/{id}", "/connect/{token}"}
"""Whoever comes to them brings something else: a state and a cookie, an id that nobody guesses, a signed link."""
OPEN = {"/api/health", "/", "/docs", "/docs/{file}", "/ui", "/ui/{path:path}", "/connect/files/{file}", *SIGN_IN_PAGES}
"""All that answers without a token; none of it says anything of an installation to somebody who has nothing."""
SIGN_IN = ("POST", "/api/session")
"""Has the token in its body."""


def written(path: str) -> str:
    return re.sub(r"\{.*?\}", "probe", path)


def test_the_routes_that_are_walked_over_are_all_of_them():
    paths = {path for _, path in ROUTES}

    assert len(ROUTES) > 60
    assert {"/api/connectors/{id}/execute", "/api/secrets/{name}", "/executions", "/api/health", "/docs"} <= paths


def test_every_route_asks_for_a_token_but_health_and_pages_that_say_nothing(memory_server: At):
    """Under both prefixes, with every method."""
    nobody = At(url=memory_server.url, token=NOBODY)
    guarded = [(method, written(path)) for method, path in ROUTES if path not in OPEN and (method, path) != SIGN_IN]
    guarded += [(method, "/api/v1" + path[4:]) for method, path in guarded if path.startswith("/api/")]
    said = {(method, path): nobody.ask(method, path, b"{}") for method, path in guarded}

    assert {asked: answer.status for asked, answer in said.items() if answer.status != 401} == {}
    assert {answer.code for answer in said.values()} == {"token-missing"}
    assert all(answer.headers["www-authenticate"] == 'Bearer realm="jackfield"' for answer in said.values())
    form = {("POST", "/connect/{token}")}
    assert {(method, path) for method, path in ROUTES if path in OPEN} == {("GET", path) for path in OPEN} | form


@pytest.mark.parametrize("path", sorted(SIGN_IN_PAGES))
def test_the_pages_of_signing_in_tell_nothing_to_somebody_who_has_nothing(server: At, path: str):
    """A page that says so, and no cookie."""
    said = At(url=server.url, token=NOBODY).ask("GET", written(path))

    assert said.status in {400, 404, 410}
    assert said.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in said.headers


ODD_WRITINGS = [
    "//api/connectors",
    "/api//connectors",
    "/api/./connectors",
    "/api/../api/connectors",
    "/docs/../api/connectors",
    "/docs/..%2fapi%2fconnectors",
    "/api/health/../connectors",
    "/api/health/",
    "/api/health%2f..%2fconnectors",
    "/api/v1/health/",
    "/api/v1/v1/health",
    "/api/v1/../connectors",
    "/api/v1",
    "/api",
    "/api/",
    "/API/connectors",
    "/Api/Health",
    "/api%2Fconnectors",
    "/%61pi/connectors",
    "/%61%70%69%2f%68ealth%2f",
    "/api%00/connectors",
    "/api/connectors/",
    "/api/connectors;x=/api/health",
    "/api/connectors?x=/api/health",
    "/api/connectors#/api/health",
    "/api\\connectors",
    "/;/api/connectors",
    "/.//api/connectors",
    "/executions",
    "/executions/",
    "/executions%0A",
    "/api/connectors%0A",
    "/executions/%2e%2e/api/health",
    "/%65xecutions",
    "/openapi.json",
    "/redoc",
    "/docs/oauth2-redirect",
    "/api/openapi.json",
    "http://jackfield.example/api/connectors",
    "http://user@jackfield.example/api/connectors?/api/health",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_no_way_to_write_a_path_gets_past_the_token(memory_server: At, method):
    nobody = At(url=memory_server.url, token=NOBODY)
    statuses = {path: nobody.ask(method, path).status for path in ODD_WRITINGS}

    assert {path: status for path, status in statuses.items() if status not in {400, 401, 404, 405}} == {}


def test_what_does_not_exist_is_guarded_too(memory_server: At):
    """A stranger does not find out what there is, and a route that is added is not open by accident."""
    nobody = At(url=memory_server.url, token=NOBODY)

    for path in ("/api/nowhere", "/nowhere", "/metrics", "/mcpx", "/uix", "/webhooks/x", "/executionsx", "/apix"):
        assert nobody.ask("GET", path).code == "token-missing"


@pytest.mark.parametrize("target", [b"*", b"jackfield.example:443", b"/api/\xff", b"/api/\x00", b"api/health", b""])
def test_a_target_that_is_no_path_is_refused(memory_server: At, target):
    """Each with the method for which it is meant."""
    for method in ("OPTIONS", "CONNECT", "GET"):
        assert memory_server.ask(method, target).status in {400, 404, 405}


def test_a_connection_is_no_web_socket(memory_server: At, caplog):
    """Nobody gets one, with a token or without, and who asks for one does not fill the log."""
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    nobody = At(url=memory_server.url, token=NOBODY)

    assert nobody.ask("GET", "/api/connectors/agents/ws", headers=upgrade).status == 401
    assert nobody.ask("GET", "/api/executions", headers=upgrade).status == 401
    assert memory_server.ask("GET", "/api/executions", headers=upgrade).status == 200
    assert memory_server.ask("GET", "/api/nowhere", headers=upgrade).status == 404
    assert caplog.records == []


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (f"Bearer {ADMIN_TOKEN}", 200, None),
        (f"bearer {ADMIN_TOKEN}", 200, None),
        (f"BEARER   {ADMIN_TOKEN}  ", 200, None),
        (f"Basic {ADMIN_TOKEN}", 401, "token-missing"),
        (f"Token {ADMIN_TOKEN}", 401, "token-missing"),
        (ADMIN_TOKEN, 401, "token-missing"),
        ("Bearer", 401, "token-missing"),
        ("Bearer ", 401, "token-missing"),
        ("", 401, "token-missing"),
        (f"Bearer {ADMIN_TOKEN}x", 401, "token-unknown"),
        (f"Bearer {ADMIN_TOKEN[:-1]}", 401, "token-unknown"),
        (f"Bearer {ADMIN_TOKEN},{ADMIN_TOKEN}", 401, "token-unknown"),
        ("Bearer \xff\xfe", 401, "token-unknown"),
        (f"Bearer {'x' * 10_000}", 401, "token-unknown"),
    ],
)
def test_only_the_scheme_bearer_with_a_known_token_is_let_in(memory_server: At, header, status, code):
    answer = memory_server.ask("GET", "/api/executions", headers={"authorization": header})

    assert answer.status == status, answer.body
    assert code is None or answer.code == code
    assert ADMIN_TOKEN.encode() not in answer.body


def test_a_token_in_the_path_or_the_query_is_none(memory_server: At):
    """Addresses are written into logs of servers and proxies, and into histories."""
    nobody = At(url=memory_server.url, token=NOBODY)

    for name in ("token", "access_token", "api_key", "authorization"):
        assert nobody.ask("GET", f"/api/executions?{name}={ADMIN_TOKEN}").status == 401
    assert nobody.ask("GET", "/api/executions", headers={"cookie": f"token={ADMIN_TOKEN}"}).status == 401


def test_a_token_that_was_revoked_or_has_expired_ends_at_once(server: At):
    made = server.ask("POST", "/api/tokens", {"name": "one"}).json()
    brief = server.ask("POST", "/api/tokens", {"name": "two", "expiresIn": 0.2}).json()
    with At(url=server.url, token=made["text"]).connected() as connection:
        its = At(url=server.url, token=made["text"])
        connection.sendall(its.request("GET", "/api/executions"))
        before = answer_of(connection).status
        server.ask("DELETE", f"/api/tokens/{made['token']['id']}")
        connection.sendall(its.request("GET", "/api/executions"))  # on the very connection that was let in
        after = answer_of(connection)
    late = At(url=server.url, token=brief["text"])
    while (expired := late.ask("GET", "/api/executions")).status == 200:
        pass

    assert (before, after.status, after.code) == (200, 401, "token-revoked")
    assert (expired.status, expired.code) == (401, "token-expired")


def body_of(size: int) -> bytes:
    start, end = b'{"command": "echo", "params": {"text": "', b'"}}'
    return start + b"x" * (size - len(start) - len(end)) + end


def chunked(content: bytes, *, size: int = 4096) -> bytes:
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def sent_in_pieces(at: At, content: bytes) -> bytes:
    head = at.request("POST", "/api/connectors/probe/execute", headers={"transfer-encoding": "chunked"})
    return head.replace(b"content-length: 0\r\n", b"") + chunked(content)


@pytest.mark.parametrize("pieces", [False, True], ids=["length told", "in pieces"])
def test_a_body_may_be_as_large_as_the_limit_and_no_larger(memory_server: At, pieces):
    """And the connection goes on after that: no half of a body is taken for the next request."""
    with memory_server.connected() as connection:
        said = []
        for size in (LIMIT, LIMIT + 1, 200, 5 * LIMIT, LIMIT):
            content = body_of(size)
            request = memory_server.request("POST", "/api/connectors/probe/execute", content)
            connection.sendall(sent_in_pieces(memory_server, content) if pieces else request)
            answer = answer_of(connection)
            said.append(answer.status)
            if answer.status == 413:
                assert answer.code == "body-too-large"
                assert answer.json()["details"]["limit"] == LIMIT

    assert said == [200, 413, 200, 413, 200]


@pytest.mark.parametrize(
    "path", ["/api/connectors", "/api/connectors/probe/test/echo", "/api/runtime/v1/connectors/probe"]
)
def test_every_route_that_reads_a_body_has_the_limit(memory_server: At, path):
    content = body_of(LIMIT + 1)
    with memory_server.connected() as connection:
        head = memory_server.request("POST", path, headers={"transfer-encoding": "chunked"})
        connection.sendall(head.replace(b"content-length: 0\r\n", b"") + chunked(content))
        answer = answer_of(connection)

    assert memory_server.ask("POST", path, content).code == "body-too-large"
    assert (answer.status, answer.code) == (413, "body-too-large")


def test_a_length_that_is_no_number_or_lies_is_refused(memory_server: At):
    for length in ("-1", "0x10", "1e3", "9" * 30, "9" * 5000, " ", "5, 5"):
        with memory_server.connected() as connection:
            head = memory_server.request("POST", "/api/connectors/probe/execute", headers={"content-length": length})
            connection.sendall(head)
            assert answer_of(connection).status in {400, 413}, length


def test_a_request_with_two_lengths_is_refused(memory_server: At):
    """What two servers in a row read differently is how requests are smuggled."""
    start = b"POST /api/connectors/probe/execute HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + ADMIN_TOKEN.encode()
    for both in (b"content-length: 2\r\ncontent-length: 3", b"content-length: 2\r\ntransfer-encoding: chunked"):
        with memory_server.connected() as connection:
            connection.sendall(start + b"\r\n" + both + b"\r\n\r\n{}")
            assert answer_of(connection).status == 400


@pytest.mark.parametrize("route", ["connectors/probe/execute", "runtime/v1/connectors/probe", "connectors/probe/test"])
@pytest.mark.parametrize("pieces", [False, True], ids=["length told", "in pieces"])
def test_half_a_body_is_no_call(server: At, route, pieces):
    """Its beginning may be a whole call, and another one than was meant: nothing at all is the default command."""
    length = {"transfer-encoding": "chunked"} if pieces else {"content-length": "100"}
    head = server.request("POST", f"/api/{route}", headers=length)
    head = head.replace(b"content-length: 0\r\n", b"") if pieces else head
    for start in (b"", b"{}", b'{"command": "echo"}'):
        with server.connected() as connection:
            connection.sendall(head + (chunked(start)[:-5] if pieces and start else start))
    whole = server.execute({"command": "echo"})  # so that the others have been looked at

    assert whole.status == 200
    assert server.ask("GET", "/api/executions").json()["total"] == 1


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 64])
def test_an_id_that_a_request_brings_is_its_id(memory_server: At, given, caplog):
    caplog.set_level(logging.INFO, "jackfield.requests")
    refused = memory_server.execute(b"no JSON", headers={"X-Request-Id": given})
    memory_server.ask("GET", "/docs")  # a line is written right after its answer
    memory_server.ask("GET", "/api/health")  # by its answer, the line of the one before has been written

    assert refused.headers["x-request-id"] == given
    assert refused.json()["requestId"] == given
    assert any(record.getMessage().startswith(f"{given} POST ") for record in caplog.records)


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a\tb", "é", "<script>", "a;b", "%0a"])
def test_an_id_that_could_forge_something_is_replaced(memory_server: At, given):
    answer = memory_server.ask("GET", "/api/health", headers={"X-Request-Id": given})

    assert re.fullmatch(r"[0-9a-f]{20,}", answer.headers["x-request-id"])


def test_ids_are_never_the_same(memory_server: At):
    ids = [memory_server.ask("GET", "/api/health").headers["x-request-id"] for _ in range(20)]

    assert len(set(ids)) == 20


@pytest.mark.parametrize("path", ["/api/health", "/api/executions", "/api/nowhere", "/docs", "/docs/docs.js", "/"])
def test_no_answer_is_cached_or_guessed_at(memory_server: At, path):
    headers = memory_server.ask("GET", path).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers  # nobody needs to know whose weaknesses to try


def test_head_is_answered_as_get_without_the_body(memory_server: At):
    """Source: RFC 9110, section 9.3.2. Watchers of servers use it."""
    full, head = (memory_server.ask(method, "/api/health") for method in ("GET", "HEAD"))

    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    assert At(url=memory_server.url, token=NOBODY).ask("HEAD", "/api/executions").status == 401


def test_a_method_that_a_path_does_not_take_is_refused_and_names_those_it_takes(memory_server: At):
    answer = memory_server.ask("DELETE", "/api/executions")

    assert (answer.status, answer.code, answer.headers["allow"]) == (405, "method-not-allowed", "GET")


@pytest.mark.parametrize("path", ["/api/nowhere", "/nowhere", "/api/connectors/a/b/c/d/execute", "/" + "x" * 5000])
def test_a_path_that_is_nowhere_is_a_problem(memory_server: At, path):
    answer = memory_server.ask("GET", path)

    assert (answer.status, answer.code) == (404, "route-not-found")
    assert len(answer.body) < 1500


def lines_of(caplog: pytest.LogCaptureFixture, given: str) -> list[str]:
    """The lines about the request with that id."""
    found = [record.getMessage() for record in caplog.records if record.name == "jackfield.requests"]
    return [line for line in found if line.startswith(f"{given} ")]


NOTED = re.compile(r"(\S+) ([A-Z]+) (\S+) (\d+) (\d+\.\d) ms (\S+)")


def test_a_line_of_the_log_has_no_query_and_no_token(memory_server: At, caplog):
    caplog.set_level(logging.DEBUG)
    stranger = At(url=memory_server.url, token="token-of-a-stranger-0123456789")
    private = "/api/executions?where=command:eq:query-that-is-private"
    memory_server.ask("GET", private, headers={"X-Request-Id": "first"})
    stranger.ask("GET", private, headers={"X-Request-Id": "second"})
    memory_server.ask("GET", "/docs")  # a line is written right after its answer
    lines = [*lines_of(caplog, "first"), *lines_of(caplog, "second")]
    everything = " ".join(record.getMessage() for record in caplog.records)

    assert [(m[3], m[4], m[6]) for m in map(NOTED.fullmatch, lines)] == [
        ("/api/executions", "200", "local"),
        ("/api/executions", "401", "-"),
    ]
    assert "private" not in everything
    assert "token-of" not in everything
    assert ADMIN_TOKEN not in everything


@pytest.mark.parametrize("path", ["/api/a%0A2026 forged", "/api/%0D%0A", "/api/%1b[31m", "/api/%E2%80%AE", "/api/%00"])
def test_no_path_forges_a_line_of_the_log(memory_server: At, path, caplog):
    caplog.set_level(logging.INFO, "jackfield.requests")
    memory_server.ask("GET", path.replace(" ", "%20"), headers={"X-Request-Id": "odd"})
    memory_server.ask("GET", "/docs")  # a line is written right after its answer
    (line,) = lines_of(caplog, "odd")

    assert NOTED.fullmatch(line)
    assert line.isprintable()


class Trap(Exception):
    """As nobody expects."""


def ask_app(
    app: Any, path: str = "/api/executions", *, method: str = "GET", messages: list[Message] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """What an application answers, without a server."""
    said: list[Message] = []
    arriving = iter(messages or [{"type": "http.request", "body": b"{}", "more_body": False}])

    async def receive() -> Message:
        return next(arriving)

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "root_path": "",
        "headers": [(b"authorization", b"Bearer x")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("x", 80),
    }
    asyncio.run(app(scope, receive, send))
    if not said:
        return 0, {}, b""
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], headers, b"".join(message.get("body", b"") for message in said[1:])


async def known(_text: str) -> Any:
    return LOCAL


async def trap(*_: Any) -> Any:
    raise Trap("the secret of the house, line 1\nERROR forged line")


@pytest.fixture
def failing() -> Any:
    """An application in which everything goes wrong in a way that nobody thought of."""
    return make_app(services_of(known, trap, trap))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/ready"), ("POST", "/api/connectors/a/execute"), ("GET", "/api/executions")]
)
def test_what_nobody_expected_is_a_problem_without_its_text_and_logged_with_its_id(failing, method, path, caplog):
    """FEATURES L11: no stack trace leaves the server."""
    status, headers, body = ask_app(failing, path, method=method)
    problem = json.loads(body)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]

    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert (problem["code"], problem["requestId"]) == ("internal-error", headers["x-request-id"])
    assert b"secret of the house" not in body
    assert b"Trace" not in body
    assert b"Trap" not in body
    assert len(errors) == 1  # told once
    assert problem["requestId"] in errors[0].getMessage()
    assert errors[0].exc_info is not None


def test_a_failure_after_the_answer_has_begun_ends_it(caplog):
    """A client must not take half an answer for a whole one with something behind it."""
    from jackfield.surfaces.rest.edge import Edge

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise Trap

    status, _, body = ask_app(Edge(app, SERVICES), "/docs")

    assert (status, body) == (200, b"half")
    assert len(caplog.records) == 1


def test_who_goes_away_is_told_nothing_and_no_error_is_logged(caplog):
    """On a hot route and on one of the others."""
    gone: list[Message] = [
        {"type": "http.request", "body": b'{"command": "x"}', "more_body": True},
        {"type": "http.disconnect"},
    ]
    app = make_app(services_of(known, trap, trap))

    for path in ("/api/connectors/a/execute", "/api/connectors/a/test"):
        ask_app(app, path, method="POST", messages=gone)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_problems_of_the_server_itself_are_logged_wherever_they_come_from(caplog):
    """Hot routes and others alike: a 503 that nobody sees is no help."""

    class Down(JackfieldError):
        code, status, retry = "down", 503, "later"

    async def down(*_: Any) -> Any:
        raise Down("the store is away", hint="wait")

    app = make_app(services_of(known, down, down))
    answers = [
        ask_app(app, path, method=method)
        for method, path in (("GET", "/api/ready"), ("POST", "/api/connectors/a/execute"))
    ]

    assert [(status, headers["retry-after"]) for status, headers, _ in answers] == [(503, "1")] * 2
    assert len([record for record in caplog.records if "the store is away (down)" in record.getMessage()]) == 2


def _layers(app: Any) -> Iterator[Any]:
    while app is not None:
        yield app
        app = getattr(app, "_app", None) or getattr(app, "app", None)


def test_the_hottest_routes_come_first_and_nothing_wraps_requests_twice():
    """Each `BaseHTTPMiddleware` costs more than all that is ours on the way to a call."""
    from starlette.middleware.base import BaseHTTPMiddleware

    app = make_app(SERVICES)
    router = app._app
    assert [route.path for route in router.routes[:2]] == [
        "/api/connectors/{id}/execute",
        "/api/connectors/{namespace}/{name}/execute",
    ]
    inner = make_routes(SERVICES)
    assert inner.user_middleware == []
    inner.middleware_stack = inner.build_middleware_stack()
    assert not any(isinstance(layer, BaseHTTPMiddleware) for layer in [*_layers(app), *_layers(inner.middleware_stack)])
