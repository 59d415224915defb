"""The processes that `bench/rest.py` starts beside Jackfield: the service that is called, and what it is compared with.

python bench/rest_peers.py service|asgi|by-hand PORT [SERVICE_URL]
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import uvloop
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

ITEM = json.dumps({"items": [{"id": number, "name": f"item {number}", "price": number * 1.5} for number in range(42)]})
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(ITEM),
    ITEM.encode(),
)
BEARER = "sk-bench-0123456789abcdef"


class Service(asyncio.Protocol):
    """Answers every whole request with the same 2 KB, if it has the right token."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < length(head):
            return
        assert BEARER.encode() in head, head
        self._received = b""
        self._transport.write(ANSWER)  # type: ignore[attr-defined]


def length(head: bytes) -> int:
    """Of the body that follows `head`."""
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].partition(b"\r\n")[0]) if at >= 0 else 0


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """The least that an ASGI server can do: read a body, answer 2 KB."""
    more = scope["type"] == "http"
    while more:
        more = (await receive()).get("more_body", False)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ITEM)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ITEM.encode()})


class Params(BaseModel):
    """Of the command."""

    id: int = Field(ge=1)
    channel: str = Field(min_length=1, max_length=50)
    limit: int = Field(50, ge=1, le=200)
    order: str = Field("asc", pattern="^(asc|desc)$")
    deep: bool = False


class Body(BaseModel):
    """Of a call."""

    command: str
    params: Params


def by_hand(service: str) -> Any:
    """What one writes without Jackfield: FastAPI, pydantic and httpx. It keeps nothing and checks no address."""
    import httpx

    app = FastAPI()
    client = httpx.AsyncClient(limits=httpx.Limits(max_connections=200, max_keepalive_connections=200))

    @app.post("/api/connectors/bench/execute")
    async def execute(body: Body, authorization: str = Header()) -> Any:
        if not authorization.startswith("Bearer jf_"):
            raise HTTPException(401)
        query = {"limit": body.params.limit, "order": body.params.order, "deep": body.params.deep}
        answer = await client.get(
            f"{service}/channels/{body.params.channel}/items/{body.params.id}",
            params=query,
            headers={"Authorization": f"Bearer {BEARER}"},
        )
        return {"success": answer.status_code < 400, "payload": answer.json(), "variables": {}, "metadata": {}}

    return app


async def run_service(port: int) -> None:
    """Until it is killed."""
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """Run one of them."""
    what, port = sys.argv[1], int(sys.argv[2])
    if what == "service":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run_service(port))
        return
    import uvicorn

    app = asgi if what == "asgi" else by_hand(sys.argv[3])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", lifespan="off", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
