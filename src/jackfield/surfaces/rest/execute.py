"""The hottest routes: one call each, straight on ASGI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Origin, Recorded
from jackfield.dispatch.errors import InvalidOption
from jackfield.surfaces.rest.compat import origin_of, origin_of_tool, read_call, read_json
from jackfield.surfaces.rest.services import Services


class Execute:
    """`POST .../execute` and `POST /api/runtime/v1/...`: run one command, and wait for its outcome.

    An ASGI application and no endpoint of Starlette: those wrap each request in a handler of errors of their own,
    which costs a tenth of a call. The edge handles them.
    """

    def __init__(self, services: Services, answer: Callable[[Recorded], bytes]) -> None:
        """Args:
        services: Of the server.
        answer: What is answered for a call: JSON.
        """
        self._services = services
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        call = read_call(
            read_json(await _body(receive)),
            principal=scope["state"]["caller"],
            target=target_of(scope["path_params"]),
            key=key_of(scope),
            origin=_origin(scope),
        )
        content = self._answer(await self._services.run(call))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def routes(services: Services) -> list[Route]:
    """They come before all others, which a request would else be compared with."""
    execute = Execute(services, lambda recorded: recorded.body)
    run = Execute(services, lambda recorded: orjson.dumps(enveloped(recorded.outcome)))
    return [
        Route("/api/connectors/{id}/execute", execute, methods=["POST"], name="execute"),
        Route("/api/connectors/{namespace}/{name}/execute", execute, methods=["POST"], name="executeNamed"),
        Route("/api/runtime/v1/connectors/{id}", run, methods=["POST"], name="runResource"),
        Route("/api/runtime/v1/connectors/{namespace}/{name}", run, methods=["POST"], name="runResourceNamed"),
    ]


def enveloped(outcome: Outcome[Any]) -> dict[str, Any]:
    """An outcome as `{success, data, metadata}`, with `error`, `code` and `diagnostics` where it failed."""
    answer: dict[str, Any] = {"success": outcome.success, "data": outcome.payload, "metadata": outcome.metadata}
    if not outcome.success:
        answer |= {"error": outcome.error, "code": outcome.code, "diagnostics": outcome.diagnostics}
    return answer


def target_of(path: Mapping[str, str]) -> str:
    """The connector that a path names."""
    return f"{path['namespace']}/{path['name']}" if "namespace" in path else path["id"]


def _origin(scope: Scope) -> Origin:
    client = _header(scope, b"x-jackfield-client")
    if client != "agent":
        return origin_of(client)
    return origin_of_tool(_header(scope, b"x-jackfield-chat"), _header(scope, b"x-jackfield-tool-call"))


async def _body(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        whole: bytes = message.get("body", b"")
        return whole
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()
    raise ClientDisconnect  # half a body may be a whole call, and another one than was meant


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value, "latin-1")
    return None


def key_of(scope: Scope) -> str | None:
    """What the header `Idempotency-Key` says, if it is there.

    Raises:
        InvalidOption: There are several.
    """
    keys = {value for name, value in scope["headers"] if name == b"idempotency-key"}
    if len(keys) > 1:
        raise InvalidOption(option="idempotencyKey", problem="is in several headers", hint="give it once")
    return str(keys.pop(), "latin-1") if keys else None
