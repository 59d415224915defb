"""Calls through the server: what is answered, with which status, and that it is what is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from jackfield.settings import Settings
from server.world import At, Said, address_of_nobody, answer_of, at, hanging_up, settings
from servers import Service
from surfaces.served import served


def get(server: At, path: str, **options: Any) -> Said:
    """The command that fetches a path of the service."""
    return server.execute({"command": "get", "params": {"path": path}, "options": options})


@pytest.mark.parametrize(
    ("path", "code", "upstream"),
    [
        ("/fine", None, 200),
        ("/missing", "upstream-status", 404),
        ("/broken", "upstream-status", 500),
        ("/busy", "upstream-status", 429),
        ("/big", "response-too-large", None),
    ],
)
def test_whatever_the_service_answered_the_call_ran_and_that_is_200(calling_server: At, path, code, upstream):
    """DESIGN section 9: `success` tells how it went."""
    answer = get(calling_server, path)
    outcome = answer.json()

    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert outcome["success"] is (code is None)
    assert outcome.get("code") == code
    assert upstream is None or outcome["metadata"]["status"] == upstream


def test_a_service_that_is_not_reached_or_is_silent_is_200_too(sqlite_url: str, tmp_path: Path, monkeypatch):
    with address_of_nobody() as nobody, hanging_up() as rude:
        said = {}
        for name, address in (("unreachable", nobody), ("disconnected", rude)):
            monkeypatch.setenv("PROBE_URL", f"http://{address}")
            with served(settings(tmp_path, database_url=sqlite_url, egress_allow=address)) as started:
                said[name] = get(at(started), "/")

    assert {name: (answer.status, answer.json()["code"]) for name, answer in said.items()} == {
        name: (200, name) for name in said
    }


@pytest.mark.slow
def test_a_call_that_takes_too_long_is_200_and_says_so(memory_server: At):
    body = {"command": "wait", "params": {"seconds": 60}, "options": {"timeout": 1000}}
    answer = memory_server.execute(body)

    assert (answer.status, answer.json()["code"]) == (200, "timeout")


@pytest.fixture(scope="module")
def server_with_bad_connectors(calling_server: At) -> At:
    """A server with a connector that is off, and one that may reach nobody."""
    for name, more in (("off", {"enabled": False}), ("closed", {"config": {"base_url": "http://169.254.169.254"}})):
        made = calling_server.ask("POST", "/api/connectors", {"name": name, "type": "probe", **more})
        assert made.status == 201, made.body
    return calling_server


@pytest.mark.parametrize(
    ("to", "body", "status", "code"),
    [
        ("nowhere", {"command": "echo"}, 404, "unknown-connector"),
        ("probe", {"command": "nothing"}, 404, "unknown-command"),
        ("off", {"command": "echo"}, 409, "connector-disabled"),
        ("probe", {"command": "echo", "params": {"text": 1}}, 422, "invalid-params"),
        ("probe", {"command": "echo", "params": {}, "options": {"timeout": 1}}, 422, "invalid-option"),
        ("probe", {"command": "echo", "params": {}, "plan": True}, 422, "option-not-supported"),
        ("probe", {"command": "echo", "params": {}, "stray": 1}, 422, "body-unclear"),
        ("probe", {"command": "get", "params": {"path": "@other.example/"}}, 422, "url-refused"),
        ("closed", {"command": "get"}, 422, "url-refused"),
        ("probe", [], 400, "body-unreadable"),
    ],
)
def test_what_could_not_start_is_a_problem(server_with_bad_connectors: At, to, body, status, code):
    """DESIGN section 9: the status says so, and nothing is sent."""
    answer = server_with_bad_connectors.execute(body, to=to)

    assert (answer.status, answer.code) == (status, code)
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


def test_every_way_to_name_a_connector_is_answered_alike(server: At):
    made = server.ask("POST", "/api/connectors", {"name": "own", "type": "probe"})
    ways = ["own", "default/own", made.json()["id"], "Own"]
    paths = [f"{prefix}/connectors/{way}/execute" for prefix in ("/api", "/api/v1") for way in ways]
    answers = [server.ask("POST", path, {"command": "echo", "text": "hello"}) for path in paths]

    assert [answer.status for answer in answers] == [200] * len(paths)
    assert {answer.json()["payload"]["text"] for answer in answers} == {"hello"}


def without_moment(outcome: dict[str, Any]) -> dict[str, Any]:
    metadata = {name: value for name, value in outcome["metadata"].items() if name not in {"executionId", "durationMs"}}
    return {**outcome, "metadata": metadata}


def test_every_style_of_body_is_answered_alike(memory_server: At):
    """FEATURES L03."""
    params = {"text": "hello", "value": {"deep": [1, None, "ü"]}}
    bodies = [
        {"command": "echo", "params": params},
        {"command": "echo", "params": params, "options": {"timeout": 5000}},
        {"command": "echo", **params},
        {"command": "Echo", **params},
        {"resource": "echo", "data": params, "options": {}},
        {"action": "echo", "parameters": params},
        params,  # of the default command
    ]
    answers = [memory_server.execute(body) for body in bodies]

    assert {answer.status for answer in answers} == {200}
    first, *others = [without_moment(answer.json()) for answer in answers]
    assert first["payload"]["value"] == params["value"]
    assert all(other == first for other in others)


def test_a_command_with_a_param_called_params_is_called_structured(memory_server: At):
    """And flat, the answer says how."""
    structured = memory_server.execute({"command": "take_params", "params": {"params": [1]}})
    flat = memory_server.execute({"command": "take_params", "params": [1]})

    assert structured.json()["payload"] == {"params": [1]}
    assert (flat.status, flat.code) == (422, "body-unclear")
    assert '"params": {...}' in flat.json()["hint"]


@pytest.mark.parametrize("prefix", ["/api/runtime/v1", "/api/v1/runtime/v1"])
def test_the_runtime_route_answers_data(memory_server: At, prefix):
    body = {"resource": "echo", "data": {"text": "hello"}, "options": {}}
    answer = memory_server.ask("POST", f"{prefix}/connectors/probe", body)
    failed = memory_server.ask("POST", f"{prefix}/connectors/probe", {"resource": "refuse"})

    assert answer.status == failed.status == 200
    assert answer.json().keys() == {"success", "data", "metadata"}
    assert answer.json()["data"]["text"] == "hello"
    assert {name: failed.json()[name] for name in ("success", "data", "error", "code")} == {
        "success": False,
        "data": None,
        "error": "no such thing",
        "code": "no-thing",
    }
    assert memory_server.ask("POST", f"{prefix}/connectors/probe", {"resource": "nothing"}).status == 404


def test_the_bytes_that_are_answered_are_those_that_are_kept(calling_server: At):
    for body in ({"command": "echo", "value": {"b": 1, "a": [1.5, "ü"]}}, {"command": "refuse"}, {"command": "write"}):
        answer = calling_server.execute(body)
        key = answer.json()["metadata"]["executionId"]
        kept = calling_server.ask("GET", f"/api/executions/{key}").body

        assert b'"outcome":' + answer.body in kept


def test_a_write_with_a_key_happens_once_and_is_answered_again(calling_server: At, called: Service):
    """By header and by option alike."""
    body = {"command": "write", "params": {"name": "one"}}
    first = calling_server.execute(body, headers={"Idempotency-Key": "k1"})
    again = calling_server.execute(body, headers={"Idempotency-Key": '"k1"'})
    option = calling_server.execute({**body, "idempotencyKey": "k1"})
    other = calling_server.execute({"command": "write", "params": {"name": "two"}}, headers={"Idempotency-Key": "k1"})

    assert [asked.path for asked in called.asked] == ["/orders/one"]
    assert first.json()["metadata"].get("replayed") is None
    for answer in (again, option):
        assert answer.status == 200
        assert answer.json()["metadata"]["replayed"] is True
        assert answer.json()["payload"] == first.json()["payload"]
        assert answer.json()["metadata"]["executionId"] == first.json()["metadata"]["executionId"]
    assert (other.status, other.code) == (409, "idempotency-key-reused")


def test_two_keys_in_two_headers_are_refused(calling_server: At, called: Service):
    request = calling_server.request("POST", "/api/connectors/probe/execute", {"command": "write"})
    with calling_server.connected() as connection:
        connection.sendall(request.replace(b"host:", b"idempotency-key: a\r\nidempotency-key: b\r\nhost:", 1))
        answer = answer_of(connection)

    assert (answer.status, answer.code) == (422, "invalid-option")
    assert called.asked == []


def test_nobody_knows_what_became_of_a_write_that_was_not_answered(sqlite_url: str, tmp_path: Path, monkeypatch):
    with hanging_up() as rude:
        monkeypatch.setenv("PROBE_URL", f"http://{rude}")
        with served(settings(tmp_path, database_url=sqlite_url, egress_allow=rude)) as started:
            body = {"command": "write", "idempotencyKey": "k1", "params": {}}
            first, again = at(started).execute(body), at(started).execute(body)

    assert (first.status, first.json()["code"]) == (200, "disconnected")
    assert (again.status, again.code) == (409, "unknown-outcome")


@pytest.fixture
def two_servers(called: Service, database_url: str, tmp_path: Path) -> Iterator[tuple[At, At]]:
    """Two servers on one database."""
    both: Settings = settings(tmp_path, database_url=database_url, egress_allow=called.address)
    with served(both) as one, served(both) as two:
        yield at(one), at(two)


@pytest.mark.slow
def test_two_servers_on_one_database_are_one(two_servers: tuple[At, At], called: Service):
    """What one was told the other knows at once, and a write happens once on both together."""
    one, two = two_servers
    assert one.ask("POST", "/api/connectors", {"name": "own", "type": "probe"}).status == 201
    answers: list[Said] = []
    body = {"command": "write", "params": {"name": "x"}, "idempotencyKey": "k1"}
    callers = [
        threading.Thread(target=lambda at=at: answers.append(at.execute(body, to="own"))) for at in [one, two] * 4
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(30)
    told = [answer for answer in answers if answer.status == 200]

    assert len(called.asked) == 1
    assert {answer.status for answer in answers} <= {200, 409}
    assert told
    assert len({answer.json()["metadata"]["executionId"] for answer in told}) == 1
    assert two.execute(body, to="own").json()["payload"] == {"path": "/orders/x"}
    assert one.ask("GET", "/api/executions").json()["total"] == two.ask("GET", "/api/executions").json()["total"]


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.slow
def test_a_value_of_any_depth_is_answered_and_kept_or_refused(server: At):
    """A call that was made can be kept, and what is kept can be shown: alone, and in a list."""
    statuses = set()
    for levels in (200, 245, 246, 247, 250, 252, 253, 254, 255, 300, 900, 1030):
        for params in (b'{"value": %s}', b'{"nothing": %s}', b'{"text": %s}'):
            content = b'{"command": "echo", "params": %s}' % (params % nested(levels))
            statuses.add(server.execute(content).status)
        option = b'{"command": "echo", "params": {}, "options": {"timeout": %s}}' % nested(levels)
        statuses.add(server.execute(option).status)
    found = server.ask("GET", "/api/executions?limit=200")
    statuses |= {server.ask("GET", f"/api/executions/{each['id']}").status for each in found.json()["items"]}

    assert found.status == 200
    assert statuses == {200, 400, 422}


ODD = {
    "NUL in a value": {"command": "echo", "params": {"value": "a\0b", "text": "\0"}},
    "NUL in a name": {"command": "echo", "params": {"a\0": 1}},
    "NUL in the command": {"command": "ec\0ho", "params": {}},
    "NUL in a key": {"command": "write", "params": {}, "idempotencyKey": "k\0"},
    "NUL in a scenario": {"command": "echo", "params": {}, "options": {"scenario": "\0"}},
    "NUL in a path": {"command": "get", "params": {"path": "/\0"}},
    "a line break in a header": {"command": "get", "params": {}, "options": {"headers": {"X": "a\r\nb: c"}}},
    "beyond the BMP": {"command": "echo", "params": {"value": "😀", "😀": 1}},
    "a number beyond 64 bits": {"command": "echo", "params": {"value": 2**64}},
    "a negative one": {"command": "echo", "params": {"value": -(2**63) - 1}},
    "a long key": {"command": "write", "params": {}, "idempotencyKey": "k" * 5000},
    "a long command": {"command": "c" * 100_000},
    "many params": {"command": "echo", "params": {f"p{number}": 1 for number in range(50_000)}},
    "a secret raised": {"command": "leak"},
}
TARGETS = ["a%00b", "%00", "%ED%A0%80", "%ff", "x" * 3000, "a%2Fb", "..", "%2e%2e", "a%0Ab", "%F0%9F%98%80", "%20"]


def fire_oddities(server: At) -> dict[str, int]:
    """Whatever is answered with 500 and more."""
    said = {name: server.execute(body) for name, body in ODD.items()}
    for name in TARGETS:
        for path in ("{}/execute", "{0}/{0}/execute", "{}/test", "{}/test/echo", "probe/test/{}", "{0}/{0}/test/{0}"):
            said[path.format(name)] = server.ask("POST", f"/api/connectors/{path.format(name)}", {})
        for path in ("probe/resources/{}", "probe/resources/echo?{0}={0}", "{0}/{0}/resources/{0}", "{0}"):
            said[path.format(name)] = server.ask("GET", f"/api/connectors/{path.format(name)}")
        said[f"runtime {name}"] = server.ask("POST", f"/api/runtime/v1/connectors/{name}", {})
    said["list"] = server.ask("GET", "/api/executions?limit=200")
    assert all(len(answer.body) < 100_000 for name, answer in said.items() if name != "list")
    return {name: answer.status for name, answer in said.items() if not 200 <= answer.status < 500}


def test_nothing_that_is_sent_is_the_fault_of_the_server(server: At):
    assert fire_oddities(server) == {}


@pytest.mark.slow
def test_nothing_that_is_sent_is_the_fault_of_the_server_on_postgresql(postgresql_server: At):
    """Which refuses texts that SQLite takes."""
    assert fire_oddities(postgresql_server) == {}


@pytest.mark.parametrize(
    "content",
    [
        b'{"command": "echo", "params": {"value": "\\ud800"}}',
        b'{"command": "echo", "params": {"\\udc00": 1}}',
        b'{"command": "echo", "params": {"value": "\xff"}}',
        b'{"command": "echo", "params": {"value": NaN}}',
        b'{"command": "echo", "params": {"value": 1e400}}',
        b'{"command": "echo", "params": {"value": 1%s}}' % (b"0" * 5000),
        b'\xef\xbb\xbf{"command": "echo"}',
        '{"command": "echo"}'.encode("utf-16"),
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b" \r\n",
        b'{"command": "echo"',
        b'{"command": "echo"}}',
    ],
)
def test_what_is_no_json_object_is_400(memory_server: At, content):
    answer = memory_server.execute(content)

    assert (answer.status, answer.code) == (400, "body-unreadable")


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_an_empty_body_is_the_default_command_without_params(memory_server: At, content):
    answer = memory_server.execute(content)

    assert answer.status == 200
    assert answer.json()["metadata"]["command"] == "echo"


@pytest.mark.parametrize("client", ["cli", "sdk", "other"])
def test_only_the_command_line_has_its_texts_read_as_numbers(memory_server: At, client):
    body = {"command": "wait", "params": {"seconds": "0"}}
    answer = memory_server.execute(body, headers={"X-Jackfield-Client": client})

    assert answer.status == (200 if client == "cli" else 422)


def test_answers_are_the_outcome_as_it_is(memory_server: At):
    """Nothing of it is converted on the way: names and values belong to whoever chose them."""
    value = {"snake_case": {"camelCase": {"": None}}, "list": [1, 1.5, True, "é"]}
    answer = memory_server.execute({"command": "echo", "value": value})

    assert orjson.loads(answer.body)["payload"]["value"] == value
    assert int(answer.headers["content-length"]) == len(answer.body)
