"""The server's endpoints on the web: read, meet a fault, answer, write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from jackfield.testing.oauth.api import api
from jackfield.testing.oauth.authority import Authority
from jackfield.testing.oauth.authorize import asks_first, authorize
from jackfield.testing.oauth.damage import damaged, written
from jackfield.testing.oauth.device import device, verify
from jackfield.testing.oauth.exchange import Answer, Asked
from jackfield.testing.oauth.faults import Endpoint, Fault
from jackfield.testing.oauth.metadata import jwks, metadata, places
from jackfield.testing.oauth.operations import Operations
from jackfield.testing.oauth.refusal import Refused
from jackfield.testing.oauth.token import grant_type, introspect, revoke, token

Does = Callable[[Authority, Asked], Answer]
Handler = Callable[[web.Request], Awaitable[web.Response]]

_FORM = "application/x-www-form-urlencoded"


def application(authority: Authority) -> web.Application:
    """All endpoints. Those of the authorization server lie under the path of its issuer."""
    app, under = web.Application(), urlsplit(authority.issuer).path.rstrip("/")
    for place in places(authority.issuer):
        app.router.add_get(place, _handler(authority, "metadata", metadata))
    app.router.add_get(f"{under}/jwks", _handler(authority, "jwks", jwks))
    endpoints: dict[str, tuple[Endpoint, Does]] = {
        "authorize": ("authorize", authorize),
        "token": ("token", token),
        "device": ("device", device),
        "device/verify": ("verify", verify),
        "revoke": ("revoke", revoke),
        "introspect": ("introspect", introspect),
    }
    for path, (endpoint, does) in endpoints.items():
        app.router.add_route("*", f"{under}/{path}", _handler(authority, endpoint, does))
    app.router.add_route("*", "/api/{name}", _handler(authority, "api", api))
    app.router.add_post("/_control/{operation}", _control(authority))
    return app


def _handler(authority: Authority, named: Endpoint, does: Does) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = await _read(request)
        endpoint = named
        with authority.lock:
            if named == "authorize" and asks_first(authority, asked):
                endpoint = "page"
            authority.journal.requests[endpoint] += 1
            fault = authority.script.take(endpoint, grant=grant_type(asked))
        if fault.when == "before":
            await _wait(authority, fault)
        with authority.lock:
            answer = _carried_out(authority, endpoint, does, asked, fault)
            answer = damaged(answer, fault, now=authority.clock.now())
        if fault.when == "after":
            await _wait(authority, fault)
        return _written(request, answer, drop=fault.drop)

    return handle


async def _wait(authority: Authority, fault: Fault) -> None:
    if fault.hold is not None:
        await authority.gates[fault.hold].pass_through()
    if fault.delay_s:
        await asyncio.sleep(fault.delay_s)


def _carried_out(authority: Authority, endpoint: Endpoint, does: Does, asked: Asked, fault: Fault) -> Answer:
    """The true answer; where a fault comes before it, nothing happens but that it is written down."""
    if endpoint == "token":
        answer = token(authority, asked, fault=fault.described, prevented=fault.prevents)
        if fault.refused and answer.granted is not None:
            authority.tokens.access[answer.granted].ended = "refused from the start"
        return answer
    if fault.prevents:
        if endpoint == "api":
            authority.journal.called("any", "fault")
        return Answer()
    return does(authority, asked)


async def _read(request: web.Request) -> Asked:
    content = await request.read()
    form = None
    if request.content_type == _FORM:
        form = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
    return Asked(
        method=request.method,
        path=request.path,
        query=parse_qsl(request.query_string, keep_blank_values=True),
        form=form,
        headers={name.lower(): value for name, value in request.headers.items()},
        cookies=dict(request.cookies),
    )


def _written(request: web.Request, answer: Answer, *, drop: bool) -> web.Response:
    if drop and request.transport is not None:
        request.transport.abort()
    text, headers = written(answer)
    response = web.Response(status=answer.status, body=text.encode(), headers=headers)
    for name, value in answer.cookies.items():
        response.set_cookie(name, value, httponly=True, samesite="Lax")
    return response


def _control(authority: Authority) -> Handler:
    operations, waiting = Operations(authority), ThreadPoolExecutor(32, "fake-oauth-wait")

    async def handle(request: web.Request) -> web.Response:
        # A page in a browser cannot send this type to another origin without asking first.
        if request.content_type != "application/json":
            return web.json_response({"error": "the body has to be JSON"}, status=415)
        name, arguments = request.match_info["operation"], await request.json()
        loop = asyncio.get_running_loop()
        try:
            said: Any = await loop.run_in_executor(waiting, operations.do, name, arguments)
        except (ValueError, TypeError, KeyError, Refused) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"answer": said})

    return handle
