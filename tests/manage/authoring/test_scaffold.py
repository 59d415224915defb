"""Scripts that are made without a model, run against a service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.definition.secret import MASK
from jackfield.manage.authoring.auth_said import Auth
from jackfield.manage.authoring.endpoint import read_endpoints
from jackfield.manage.authoring.scaffold import Described, scaffold
from manage.authoring.world import TOKEN, opened
from servers import Answer, Asked, serve

ENDPOINTS: list[dict[str, Any]] = [
    {"method": "GET", "path": "/items/{id}", "name": "one", "query": ["tag", "x-y"]},
    {"method": "POST", "path": "/items", "name": "make", "body": {"name": {"type": "string", "required": True}}},
    {"method": "PUT", "path": "/items/{id}", "name": "whole"},
    {"method": "GET", "path": "/items"},
    {"method": "GET", "path": "/missing", "name": "missing"},
    {"method": "GET", "path": "/picture", "name": "picture"},
    {"method": "DELETE", "path": "/items/{id}", "name": "gone", "body": ["reason"]},
]


def echo(asked: Asked) -> Answer:
    """A service that says what it was asked."""
    if asked.path == "/missing":
        return Answer(status=404, body={"reason": "no such thing"})
    if asked.path == "/picture":
        return Answer(body=b"\x89PNG\xff", headers={"Content-Type": "image/png"})
    told = {"method": asked.method, "path": asked.path, "query": asked.query, "body": asked.body.decode()}
    return Answer(body=told | {"auth": asked.headers.get("authorization"), "key": asked.headers.get("x-acme-key")})


def made(**more: Any) -> dict[str, Any]:
    usual = {"description": "Acme.", "endpoints": read_endpoints(ENDPOINTS), "auth": Auth(), "name": "acme"}
    return scaffold(Described(**{**usual, **more}))


@pytest.mark.parametrize(
    ("command", "params", "seen"),
    [
        (
            "one",
            {"id": "a/b?", "tag": ["x y", "z"], "x-y": 1},
            {"path": "/base/items/a%2Fb%3F", "query": {"tag": ["x y", "z"], "x-y": ["1"]}},
        ),
        ("make", {"name": 'a"b'}, {"method": "POST", "path": "/base/items", "body": '{"name":"a\\"b"}'}),
        ("whole", {"id": 7, "body": {"a": [1]}}, {"method": "PUT", "path": "/base/items/7", "body": '{"a":[1]}'}),
        ("listItems", {}, {"method": "GET", "query": {}, "auth": f"Bearer {MASK}"}),
        ("gone", {"id": "1", "reason": "old"}, {"method": "DELETE", "body": '{"reason":"old"}'}),
    ],
)
async def test_each_endpoint_is_sent_as_it_was_described(command, params, seen, tmp_path: Path):
    """Paths, queries, bodies and the credential, whatever is in them."""
    with serve(echo) as service:
        async with opened(service, tmp_path) as world:
            body = made() | {"config": {"baseUrl": f"{service.url}/base/", "apiToken": TOKEN}}
            outcome = (await world.manage.trials.run(world.principal, body, command, params)).outcome

    assert outcome.success, outcome.error
    assert {key: outcome.payload[key] for key in seen} == seen


@pytest.mark.parametrize(
    ("command", "params", "code", "requests"),
    [("missing", {}, "upstream-status", 1), ("one", {"id": ".."}, "command-failed", 0)],
)
async def test_what_goes_wrong_is_a_failure_with_what_happened(command, params, code, requests, tmp_path: Path):
    """A part of a path that leads up the tree is never sent."""
    with serve(echo) as service:
        async with opened(service, tmp_path) as world:
            body = made() | {"config": {"baseUrl": service.url, "apiToken": TOKEN}}
            outcome = (await world.manage.trials.run(world.principal, body, command, params)).outcome

    assert (outcome.success, outcome.code, len(service.asked)) == (False, code, requests)


@pytest.mark.parametrize(
    ("auth", "config", "seen"),
    [
        (Auth(kind="header", name="X-Acme-Key"), {"apiKey": TOKEN}, {"key": TOKEN}),
        (Auth(kind="query", name="key"), {"apiKey": TOKEN}, {"query": {"key": [TOKEN]}}),
        (Auth(kind="basic"), {"username": "ann", "password": "pw"}, {"auth": "Basic YW5uOnB3"}),
        (Auth(kind="none"), {}, {"auth": None}),
    ],
)
async def test_every_way_to_say_who_asks(auth, config, seen, tmp_path: Path):
    with serve(echo) as service:
        async with opened(service, tmp_path) as world:
            body = made(auth=auth) | {"config": {"baseUrl": service.url, **config}}
            await world.manage.trials.run(world.principal, body, "listItems")
        told = json.loads(json.dumps(echo(service.asked[-1]).body))

    assert {key: told[key] for key in seen} == seen


def test_a_scaffold_says_what_each_command_is():
    """The metadata and the `configSchema` of the guide; whoever names no command does no harm."""
    body = made(base_url="https://acme.example")
    commands = body["configSchema"]["commands"]

    assert body["defaultCommand"] == "listItems"
    assert (body["version"], body["executionModel"]) == ("1.0.0", "script")
    assert body["configSchema"]["connectionConfig"]["baseUrl"]["default"] == "https://acme.example"
    assert commands["one"]["readsOnly"]
    assert commands["gone"]["destructive"]
    assert commands["make"]["paramSchema"] == {"name": {"type": "string", "required": True}}
    assert made() == made()


async def test_what_a_description_says_is_no_code(tmp_path: Path):
    """Titles and descriptions come from anywhere: they are comments and texts, and never more."""
    nasty = '"; throw 1; //\n*/ throw 2; `${x}`\u2028throw 3;'
    endpoints = read_endpoints([{"method": "GET", "path": "/a", "description": nasty, "query": ["__proto__"]}])
    body = made(title=nasty, description=nasty, endpoints=endpoints)
    with serve(echo) as service:
        async with opened(service, tmp_path) as world:
            config = {"baseUrl": service.url, "apiToken": TOKEN}
            trial = await world.manage.trials.run(world.principal, body | {"config": config}, "test")

    assert trial.outcome.success, trial.outcome.error
