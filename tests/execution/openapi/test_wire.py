"""What is planned is what goes out: compared byte by byte at a socket, through the real client."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from dataclasses import dataclass, field

import pytest

from jackfield.credentials.errors import CredentialMissing
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.openapi.plan import BodyPlan, OperationPlan, ParameterPlan, PartPlan, SchemePlan
from jackfield.definition.secret import Secret
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.execution.model import Invocation
from jackfield.execution.openapi import OpenApiModel, Planned


@dataclass
class Wire:
    """A service that keeps each request as it came, and answers all of them alike."""

    url: str = ""
    asked: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *headers = head.decode("latin-1").split("\r\n")[:-2]
                length = next((int(h.split(":")[1]) for h in headers if h.lower().startswith("content-length:")), 0)
                self.asked.append((line, headers, await reader.readexactly(length)))
                answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n"
                writer.write(answer if line.startswith("HEAD") else answer + b'{"ok":1}')
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def wire():
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield wire
    server.close()
    await server.wait_closed()


class OnePlan:
    """`Plans` of one operation."""

    def __init__(self, plan, schemes):
        self._planned = Planned(plan=plan, schemes=schemes)

    def get(self, definition, command):
        return self._planned

    def mock(self, definition, command, scenario):
        return {"scenario": scenario}

    def check(self, definition):
        pass


COMMAND = CommandDefinition(name="op", scenarios=("default",))
DEFINITION = ConnectorDefinition(name="it", execution_model="openapi", commands={"op": COMMAND})


@pytest.fixture
async def run(wire):
    """`run(plan, params)`: the outcome, what was planned, and what came over the wire."""
    async with Pools() as pools:
        client = Client(pools.get(Policy(allow=parse_allow("127.0.0.1"))))

        async def call(plan, params, schemes=None, **config):
            model = OpenApiModel(OnePlan(plan, schemes or {}))
            invocation = Invocation(
                connector="default/it",
                connector_id="trial",
                revision=1,
                definition=DEFINITION,
                command=COMMAND,
                config={"baseUrl": wire.url, **config},
                params=params,
                variables={},
                http=client,
                log=logging.LoggerAdapter(logging.getLogger("test")),
                deadline=asyncio.get_running_loop().time() + 30,
                execution_id="exe_1",
            )
            built = await model.plan(invocation)
            outcome = await model.run(invocation)
            return outcome, built, wire.asked[-1]

        yield call


def param(name, location, style, explode=True, **more):
    return ParameterPlan(param=name, name=name, location=location, style=style, explode=explode, **more)


AWKWARD = "a b&c=d%;+?#/é'\"<>\\^`{|}[]~!$()*,:@"
FILE = b64encode(bytes(range(256)) * 3).decode()

CASES = {
    "query": (OperationPlan(method="GET", path="/q", parameters=(param("p", "query", "form"),)), {"p": AWKWARD}),
    "reserved": (
        OperationPlan(method="GET", path="/q", parameters=(param("p", "query", "form", allow_reserved=True),)),
        {"p": AWKWARD},
    ),
    "deep": (
        OperationPlan(method="GET", path="/q", parameters=(param("p", "query", "deepObject"),)),
        {"p": {AWKWARD: [AWKWARD]}},
    ),
    "pipes": (
        OperationPlan(method="GET", path="/q", parameters=(param("p", "query", "pipeDelimited", False),)),
        {"p": [AWKWARD, "b"]},
    ),
    "path": (
        OperationPlan(
            method="DELETE",
            path="/a//b/{x}/{y}{z}/(c)/%41?fixed=1&[x]=é y#part",
            parameters=(param("x", "path", "simple"), param("y", "path", "label"), param("z", "path", "matrix")),
        ),
        {"x": AWKWARD, "y": [AWKWARD, "."], "z": {AWKWARD: AWKWARD}},
    ),
    "headers": (
        OperationPlan(
            method="HEAD",
            path="/",
            parameters=(param("X-A", "header", "simple"), param("c", "cookie", "form")),
            accept=("application/json", "text/csv"),
        ),
        {"X-A": ["a b&c=d%;+?#/'\"", True], "c": AWKWARD},
    ),
    "json": (
        OperationPlan(method="PATCH", path="/j", body=BodyPlan(media_types=("application/x+json",), param="body")),
        {"body": {AWKWARD: [AWKWARD, None, 1.5]}},
    ),
    "empty": (
        OperationPlan(method="POST", path="/j", body=BodyPlan(media_types=("application/json",), required=True)),
        {},
    ),
    "empty form": (
        OperationPlan(
            method="POST", path="/j", body=BodyPlan(media_types=("application/x-www-form-urlencoded",), required=True)
        ),
        {},
    ),
    "no body": (OperationPlan(method="POST", path="/j"), {}),
    "body of a get": (
        OperationPlan(method="GET", path="/j", body=BodyPlan(media_types=("application/json",), properties={"a": "a"})),
        {"a": 1},
    ),
    "form": (
        OperationPlan(
            method="PUT", path="/f", body=BodyPlan(media_types=("application/x-www-form-urlencoded",), param="body")
        ),
        {"body": {AWKWARD: [AWKWARD, {"a": 1}]}},
    ),
    "multipart": (
        OperationPlan(
            method="POST",
            path="/m",
            body=BodyPlan(
                media_types=("multipart/form-data",),
                properties={"file": "file", "text": AWKWARD},
                parts={"file": PartPlan(binary=True, base64=True)},
            ),
        ),
        {"file": [FILE, FILE], "text": AWKWARD},
    ),
    "bytes": (
        OperationPlan(method="PUT", path="/b", body=BodyPlan(media_types=("image/png",), param="body", binary=True)),
        {"body": FILE},
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_what_is_planned_is_what_goes_out(run, wire, case):
    plan, params = CASES[case]

    outcome, built, (line, headers, body) = await run(plan, params)

    assert line == f"{plan.method} {built.url.removeprefix(wire.url)} HTTP/1.1"
    assert body == (built.content or b"")
    found = dict(header.split(": ", 1) for header in headers)
    assert {name: found.get(name) for name in built.headers} == built.headers
    assert set(found) - set(built.headers) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "Content-Length"}
    assert outcome.payload == (None if plan.method == "HEAD" else {"ok": 1})


async def test_credentials_go_out_as_planned(run, wire):
    schemes = {
        "q": SchemePlan(scheme="q", kind="apiKey", location="query", name="key[]", fields={"key": "k"}),
        "c": SchemePlan(scheme="c", kind="apiKey", location="cookie", name="sid", fields={"key": "s"}),
        "b": SchemePlan(scheme="b", kind="bearer", fields={"token": "t"}),
    }
    plan = OperationPlan(
        method="GET",
        path="/?a=1",
        parameters=(param("other", "cookie", "form"),),
        security=(("q", "c", "b"),),
    )

    _, built, (line, headers, _) = await run(
        plan, {"other": 1}, schemes, k=Secret("a b+c/é"), s=Secret("sss"), t=Secret("tok")
    )

    assert line == "GET /?a=1&key%5B%5D=a%20b%2Bc%2F%C3%A9 HTTP/1.1"
    assert built.url == wire.url + line.split(" ")[1]
    assert "Cookie: other=1; sid=sss" in headers
    assert "Authorization: Bearer tok" in headers


async def test_nothing_goes_out_without_the_credential_that_is_needed(run, wire):
    schemes = {"b": SchemePlan(scheme="b", kind="bearer", fields={"token": "t"})}
    plan = OperationPlan(method="GET", path="/", security=(("b",),))

    with pytest.raises(CredentialMissing, match="`t`"):
        await run(plan, {}, schemes)

    assert wire.asked == []


async def test_a_mock_is_what_the_document_gives():
    model = OpenApiModel(OnePlan(OperationPlan(method="GET", path="/"), {}))

    assert model.mock(DEFINITION, COMMAND, "default", {}).payload == {"scenario": "default"}
    await model.check(DEFINITION)
    await model.close()
