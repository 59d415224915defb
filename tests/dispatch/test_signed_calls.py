"""What a type says of authentication holds for each execution model: what goes out is what the service wants."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Any

import jwt as pyjwt
import pytest

from jackfield import Connector, Context, Jackfield, Outcome, Secret, command, field, succeed
from servers import Answer, Asked, Service, serve
from upstream import Upstream, called, running, runtime_of, tool

KEY = "sk-signed-0123456789-0123456789-0123"

SCRIPT = "function op() { return { payload: floh.http.get(floh.config.baseUrl + '/op?a=1').body }; }"

SCHEMES: dict[str, dict[str, Any]] = {
    "query": {"type": "api_key", "field": "key", "name": "k", "location": "query"},
    "cookie": {"type": "api_key", "field": "key", "name": "sid", "location": "cookie"},
    "hmac": {"type": "hmac", "field": "key", "text": "{method} {target}", "prefix": "v1="},
    "jwt": {"type": "jwt", "field": "key", "algorithm": "HS256", "issuer": "us"},
    "digest": {"type": "digest", "username": "ann", "password": {"field": "key"}},
    "aws_sigv4": {
        **{"type": "aws_sigv4", "accessKeyId": "AKID", "secretAccessKey": {"field": "key"}},
        **{"region": {"field": "region"}, "service": "execute-api", "sessionToken": {"field": "token"}},
    },
}
FIELDS = {
    "baseUrl": {"type": "string"},
    "key": {"type": "secret", "required": True},
    "region": {"type": "string", "default": "eu-central-1"},
    "token": {"type": "secret"},
}


def is_signed(kind: str, asked: Asked, target: str) -> bool:
    """What each scheme promises, judged here once more."""
    said = asked.headers.get("authorization", "")
    if kind == "query":
        return asked.query.get("k") == [KEY]
    if kind == "cookie":
        return asked.headers.get("cookie") == f"sid={KEY}"
    if kind == "hmac":
        right = hmac.new(KEY.encode(), f"{asked.method} {target}".encode(), "sha256").hexdigest()
        return asked.headers.get("x-signature") == f"v1={right}"
    if kind == "jwt":
        return pyjwt.decode(said.removeprefix("Bearer "), KEY, algorithms=["HS256"])["iss"] == "us"
    if kind == "digest":
        told = dict(re.findall(r'(\w+)="?([^",]+)', said))
        return told.get("response") == _digest(told, asked.method, target)
    scope = r"AWS4-HMAC-SHA256 Credential=AKID/\d{8}/eu-central-1/execute-api/aws4_request"
    return re.match(rf"{scope}, SignedHeaders=(content-type;)?host;x-amz-date, ", said) is not None


def _digest(told: dict[str, str], method: str, target: str) -> str:
    def h(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    middle = f"{told['nonce']}:{told['nc']}:{told['cnonce']}:auth"
    return h(f"{h(f'ann:place:{KEY}')}:{middle}:{h(f'{method}:{target}')}")


@pytest.fixture(params=list(SCHEMES))
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def service(scheme: str) -> Iterator[Service]:
    """Lets in who signs as the scheme says, and says what it saw: a service that echoes is the worst of all."""

    def guarded(asked: Asked) -> Answer:
        if scheme == "digest" and "authorization" not in asked.headers:
            asks = {"WWW-Authenticate": 'Digest realm="place", nonce="n-1", algorithm=SHA-256, qop="auth"'}
            return Answer(status=401, headers=asks)
        if not is_signed(scheme, asked, "/op?a=1"):
            return Answer(status=403, body={"error": "not signed"})
        return Answer(body={"headers": asked.headers, "query": asked.query})

    with serve(guarded) as running_service:
        yield running_service


def definition(model: str, scheme: str, url: str) -> dict[str, Any]:
    auth = {"auth": SCHEMES[scheme], "configSchema": {"connectionConfig": FIELDS}}
    config = {"config": {"baseUrl": url, "key": KEY}}
    if model == "http":
        operation = {"name": "op", "method": "GET", "path": "/op?a=1", "parameters": {}}
        return {"name": "it", "operations": [operation], **auth, **config}
    if model == "script":
        return {"name": "it", "scriptSource": SCRIPT, **auth, **config}
    answers = {"200": {"description": "Seen.", "content": {"application/json": {"schema": {}}}}}
    parameter = {"name": "a", "in": "query", "schema": {"type": "integer", "default": 1}}
    paths = {"/op": {"get": {"operationId": "op", "parameters": [parameter], "responses": answers}}}
    info = {"title": "It", "version": "1"}
    spec = {"openapi": "3.0.3", "info": info, "servers": [{"url": url}], "paths": paths}
    return {"name": "it", "spec": spec, **auth, **config}


@pytest.mark.parametrize("model", ["http", "openapi", pytest.param("script", marks=pytest.mark.slow)])
def test_requests_of_described_connectors_are_signed(service: Service, scheme: str, model: str):
    """I14, Z08: really applied, and masked in what comes back, in what would be sent, and in the trace."""
    if model == "script" and scheme not in {"query", "digest"}:
        pytest.skip("a sandbox takes a while to start, and does not know how requests are signed")
    connector = definition(model, scheme, service.url)
    with Jackfield(types=[], connectors=[connector], egress_allow=service.address) as jackfield:
        params = {"a": 1} if model == "openapi" else {}
        outcome = jackfield.connector("it", "op", params, trace=True)
        again = jackfield.connector("it", "op", params)
        planned = [] if model == "script" else [jackfield.connector("it", "op", params, plan=True)]

    assert (outcome.success, again.success) == (True, True), outcome.error
    assert len(service.asked) == (3 if scheme == "digest" else 2)
    shown = "".join(str(each.to_json()) for each in (outcome, again, *planned))
    assert KEY not in shown
    if scheme == "jwt":
        sent = {asked.headers["authorization"].removeprefix("Bearer ") for asked in service.asked}
        assert len(sent) == 1
        assert not any(token in shown for token in sent)


def test_requests_of_classes_are_signed(service: Service, scheme: str):
    """In Python, with the class's own `auth`."""

    class Signed(Connector, name="it", auth=SCHEMES[scheme]):
        base_url: str = field(default=service.url)
        key: Secret = field(default=KEY)
        region: str = field(default="eu-central-1")
        token: Secret = field(default="")

        @command
        async def op(self, ctx: Context) -> Outcome:
            answer = await ctx.http.get(f"{self.base_url}/op", query={"a": 1})
            answer.raise_for_status()
            return succeed(answer.body)

    with Jackfield(types=[Signed], connectors=[{"name": "one", "type": "it"}], egress_allow=service.address) as jf:
        outcome = jf.connector("one", "op")

    assert outcome.success, outcome.error
    assert KEY not in str(outcome.to_json())


async def test_requests_to_upstream_mcp_servers_are_signed(scheme: str):
    """Each message of the protocol is a request of its own."""
    seen: list[bool] = []
    app = Upstream(tool("find-book")).app()

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        if scheme == "digest" and "authorization" not in headers:
            asks = (b"www-authenticate", b'Digest realm="place", nonce="n-1", algorithm=SHA-256, qop="auth"')
            await send({"type": "http.response.start", "status": 401, "headers": [asks, (b"content-length", b"0")]})
            return await send({"type": "http.response.body", "body": b""})
        told = {"k": [query.removeprefix("k=")]} if query else {}
        asked = Asked(method=scope["method"], path=scope["path"], query=told, headers=headers, body=b"")
        seen.append(is_signed(scheme, asked, scope["path"]))
        await app(scope, receive, send)

    with running(guarded) as up:
        async with runtime_of(up) as runtime:
            fields = {"connectionConfig": {name: said for name, said in FIELDS.items() if name != "baseUrl"}}
            server = {"url": f"{up.url}"}
            entry = {"name": "it", "mcpServer": server, "auth": SCHEMES[scheme], "configSchema": fields}
            await runtime.add(entry | {"config": {"key": KEY}})
            outcome = await called(runtime, "find-book")

    assert outcome.success, outcome.error
    assert seen
    assert all(seen)
