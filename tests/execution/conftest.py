"""A service on loopback that remembers what it was asked, byte for byte, and a small client to ask it with."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web
from multidict import CIMultiDict
from yarl import URL

from jackfield.definition.operations import read_operations
from jackfield.definition.outcome import Outcome
from jackfield.definition.wire import Answer
from jackfield.execution.http import HttpModel
from jackfield.execution.model import Invocation


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: CIMultiDict[str]
    body: bytes


@dataclass
class Service:
    """What was asked, and what is answered to everything."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    status: int = 200
    content: bytes = b"{}"
    content_type: str = "application/json"

    def answers(self, content: bytes, *, status: int = 200, content_type: str = "application/json") -> None:
        self.status, self.content, self.content_type = status, content, content_type

    async def answer(self, request: web.BaseRequest) -> web.Response:
        headers = CIMultiDict(request.headers)
        self.asked.append(
            Asked(method=request.method, target=request.raw_path, headers=headers, body=await request.read())
        )
        extra = {"Content-Type": self.content_type} if self.content_type else {}
        return web.Response(status=self.status, body=self.content, headers=extra)


class Client:
    """`Http`, without policy, credential or retries."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def request(self, method: str, url: str, *, query: Any = None, headers: Any = None, **body: Any) -> Answer:
        options = {"data" if name in {"form", "content"} else name: value for name, value in body.items()}
        target = URL(url, encoded=True)
        async with self._session.request(
            method, target.extend_query(query or []), headers=headers, allow_redirects=False, **options
        ) as answer:
            return Answer(status=answer.status, headers=answer.headers, content=await answer.read(), url=url)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    server = web.Server(service.answer)
    runner = web.ServerRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield service
    await runner.cleanup()


Run = Callable[..., Awaitable[Outcome[Any]]]


@pytest.fixture
async def run(service: Service) -> AsyncIterator[Run]:
    """Runs one operation of a definition against the service: `run(body, "command", params)`."""
    model = HttpModel()
    async with ClientSession() as session:

        async def call(
            body: Mapping[str, Any], command: str, params: Mapping[str, Any] | None = None, **config: Any
        ) -> Outcome[Any]:
            definition = read_operations(body)
            invocation = Invocation(
                connector_id="trial",
                connector="default/it",
                revision=1,
                definition=definition,
                command=definition.commands[command],
                config={"baseUrl": service.url} | config,
                params=params or {},
                variables={},
                http=Client(session),
                log=logging.LoggerAdapter(logging.getLogger("test")),
                deadline=0.0,
                execution_id="exe_1",
            )
            return await model.run(invocation)

        yield call
    await model.close()


@pytest.fixture
def one() -> Callable[..., dict[str, Any]]:
    """A definition with one operation, `op`; keywords are its keys."""

    def define(connector: Mapping[str, Any] | None = None, **operation: Any) -> dict[str, Any]:
        path = {"method": "GET", "path": "/things"} | operation
        return {"name": "it", "operations": [{"name": "op", **path}], **(connector or {})}

    return define
