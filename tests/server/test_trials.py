"""Trying out: connections, operations, and lists to choose from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jackfield import Jackfield
from jackfield.__main__ import _runtime
from jackfield.errors import JackfieldError
from jackfield.surfaces.cli.main import cli
from server.world import At, address_of_nobody, at, settings
from servers import Service
from surfaces.served import ADMIN_TOKEN, served


@pytest.fixture(scope="module")
def desks(calling_server: At) -> At:
    """A server with a connector that works, one that is off and one that may reach nobody."""
    made: dict[str, dict[str, object]] = {
        "good": {},
        "off": {"enabled": False},
        "closed": {"config": {"base_url": "http://169.254.169.254"}},
    }
    for name, more in made.items():
        make(calling_server, name, **more)
    return calling_server


def make(server: At, name: str, **more: object) -> None:
    """A connector of the type `probe`, if it is not there yet."""
    answer = server.ask("POST", "/api/connectors", {"name": name, "type": "probe", **more})
    assert answer.status in {201, 409}, answer.body


def result_of(server: At, name: str) -> dict[str, object] | None:
    """What a connector shows of its last test."""
    found: dict[str, object] | None = server.ask("GET", f"/api/connectors/{name}").json()["testResult"]
    return found


def test_a_connection_that_works_says_so_and_the_connector_shows_it(desks: At):
    """FEATURES B12: latency in milliseconds, and when."""
    make(desks, "untested")
    before = result_of(desks, "untested")
    said = desks.ask("POST", "/api/connectors/untested/test")
    test, kept = said.json(), result_of(desks, "untested")

    assert before is None
    assert said.status == 200
    assert (test["success"], test["status"]) == (True, 200)
    assert (test["connector"], test["command"]) == ("default/untested", "check")
    assert 0 < test["latencyMs"] < 20_000
    assert kept is not None
    assert (kept["success"], kept["latencyMs"]) == (True, round(test["latencyMs"]))
    assert kept["testedAt"]
    assert desks.ask("GET", f"/api/executions/{test['executionId']}").json()["trigger"] == "test"


@pytest.mark.parametrize("path", ["/api/connectors/good/test", "/api/v1/connectors/default/good/test"])
@pytest.mark.parametrize("body", [b"", {}, {"timeout": 5000}, {"timeout": 5000.0}, {"timeout": None}])
def test_every_way_to_ask_for_a_test_is_answered_alike(desks: At, path, body):
    said = desks.ask("POST", path, body)

    assert (said.status, said.json()["success"]) == (200, True)


def test_a_service_that_refuses_is_a_failed_test_with_200(desks: At, called: Service):
    make(desks, "no", config={"base_url": f"{called.url}/missing?x="})
    said = desks.ask("POST", "/api/connectors/no/test")
    test, kept = said.json(), result_of(desks, "no")

    assert said.status == 200
    assert (test["success"], test["code"], test["status"]) == (False, "upstream-status", 404)
    assert test["error"]
    assert kept is not None
    assert (kept["success"], kept["code"], kept["error"]) == (False, "upstream-status", test["error"])


def test_what_keeps_a_test_from_starting_is_a_problem_and_kept_as_a_failed_test(desks: At):
    said = {name: desks.ask("POST", f"/api/connectors/{name}/test") for name in ("off", "closed")}
    kept = {name: result_of(desks, name) for name in said}

    assert {name: (answer.status, answer.code) for name, answer in said.items()} == {
        "off": (409, "connector-disabled"),
        "closed": (422, "url-refused"),
    }
    assert all(each is not None and each["success"] is False for each in kept.values())
    assert {name: each["code"] for name, each in kept.items() if each} == {
        "off": "connector-disabled",
        "closed": "url-refused",
    }


def test_a_test_that_fails_after_one_that_worked_is_what_is_shown(desks: At):
    """And one that works after that. It is no change of the connector: its revision stays."""
    make(desks, "changing")
    before = desks.ask("GET", "/api/connectors/changing").json()["revision"]
    shown = []
    for enabled in (True, False, True):
        desks.ask("PUT", "/api/connectors/changing", {"enabled": enabled})
        desks.ask("POST", "/api/connectors/changing/test")
        kept = result_of(desks, "changing")
        shown.append(kept and kept["success"])

    assert shown == [True, False, True]
    assert desks.ask("GET", "/api/connectors/changing").json()["revision"] == before + 3  # one for each `PUT`


def test_a_type_is_tested_without_a_connector_and_nothing_is_kept(desks: At):
    said = desks.ask("POST", "/api/connectors/probe/test")

    assert said.status == 200, said.body
    assert (said.json()["success"], said.json()["connector"]) == (True, "probe")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("delay", 422, "test-command-missing"),
        ("nowhere", 404, "unknown-connector"),
        ("a%00b", 404, "unknown-connector"),
    ],
)
def test_what_cannot_be_tested_says_why(desks: At, name, status, code):
    answer = desks.ask("POST", f"/api/connectors/{name}/test")

    assert (answer.status, answer.code) == (status, code)


def test_a_body_that_no_test_takes_is_refused(desks: At):
    bodies = [{"timeout": 1}, {"timeout": "5000"}, {"timeout": True}, {"timeout": 300_001}, {"wrong": 1}, [], b"{"]

    assert all(desks.ask("POST", "/api/connectors/good/test", body).status in {400, 422} for body in bodies)


def test_who_may_not_call_may_not_test(desks: At):
    """The token has the scopes `read` and `manage`."""
    token = desks.ask("POST", "/api/tokens", {"name": "reader", "scopes": ["read", "manage"]}).json()["text"]
    reader = At(url=desks.url, token=token)
    asked = [
        ("POST", "/api/connectors/good/test"),
        ("POST", "/api/connectors/nowhere/test"),
        ("POST", "/api/connectors/good/test/check"),
        ("GET", "/api/connectors/good/resources/echo"),
        ("POST", "/api/connectors/good/execute"),
        ("POST", "/api/runtime/v1/connectors/good"),
    ]

    before = result_of(desks, "good")

    assert {path: reader.ask(method, path).status for method, path in asked} == {path: 403 for _, path in asked}
    assert result_of(desks, "good") == before


def test_a_server_that_keeps_nothing_tests_too(memory_server: At):
    said = memory_server.ask("POST", "/api/connectors/probe/test")

    assert (said.status, said.code) == (422, "url-refused")


@pytest.mark.parametrize("path", ["good/test/get", "default/good/test/get"])
@pytest.mark.parametrize("body", [{"path": "/x"}, {"params": {"path": "/x"}}])
def test_an_operation_is_tried_and_the_services_answer_is_shown(desks: At, path, body):
    """FEATURES L04, as the guide that has this route answers it."""
    said = desks.ask("POST", f"/api/v1/connectors/{path}", body)
    tried = said.json()

    assert said.status == 200
    assert (tried["status_code"], tried["body"], tried["success"]) == (200, {"path": "/x"}, True)
    assert tried["headers"]["x-service"] == "one"
    assert tried["elapsed_ms"] > 0
    assert desks.ask("GET", f"/api/executions/{tried['execution_id']}").json()["trigger"] == "test"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [("/missing", 404, {"reason": "no such thing"}), ("/broken", 500, "out of order"), ("/busy", 429, {})],
)
def test_what_a_service_refuses_is_shown_as_it_said_it(desks: At, path, status, body):
    said = desks.ask("POST", "/api/connectors/good/test/get", {"path": path})

    assert said.status == 200
    assert (said.json()["status_code"], said.json()["body"], said.json()["success"]) == (status, body, False)


def test_a_command_that_asks_no_service_is_tried_too(desks: At):
    said = desks.ask("POST", "/api/connectors/good/test/echo", {"text": "x"})
    failed = desks.ask("POST", "/api/connectors/good/test/refuse", {})

    assert (said.status, said.json()["status_code"], said.json()["headers"]) == (200, None, {})
    assert said.json()["body"]["text"] == "x"
    assert failed.json()["body"] == {"error": "no such thing", "code": "no-thing"}


def test_an_operation_whose_service_is_not_reached_is_502(tmp_path: Path, monkeypatch):
    """Only here: everywhere else, a call that ran is 200."""
    with address_of_nobody() as nobody:
        monkeypatch.setenv("PROBE_URL", f"http://{nobody}")
        with served(settings(tmp_path, egress_allow=nobody)) as started:
            answer = at(started).ask("POST", "/api/connectors/probe/test/get", {})
            called = at(started).execute({"command": "get"})
            found = at(started).ask("GET", f"/api/executions/{answer.json()['details']['executionId']}")

    assert (answer.status, answer.code) == (502, "network-failed")
    assert answer.json()["details"]["cause"] == "unreachable"
    assert found.json()["status"] == "FAILED"
    assert (called.status, called.json()["code"]) == (200, "unreachable")


@pytest.mark.parametrize(
    ("name", "command", "status", "code"),
    [
        ("off", "get", 409, "connector-disabled"),
        ("closed", "get", 422, "url-refused"),
        ("good", "nothing", 404, "unknown-command"),
        ("nowhere", "get", 404, "unknown-connector"),
    ],
)
def test_an_operation_that_cannot_start_is_a_problem(desks: At, name, command, status, code):
    answer = desks.ask("POST", f"/api/connectors/{name}/test/{command}", {})

    assert (answer.status, answer.code) == (status, code)


def test_a_write_that_is_tried_with_a_key_happens_once(desks: At, called: Service):
    for _ in range(2):
        answer = desks.ask("POST", "/api/connectors/good/test/write", {"name": "x"}, headers={"Idempotency-Key": "k"})
        assert answer.status == 200, answer.body

    assert [asked.path for asked in called.asked] == ["/orders/x"]


def test_a_list_to_choose_from_is_read_with_params_of_the_query(desks: At):
    """FEATURES L07: texts become what the command wants."""
    said = desks.ask("GET", "/api/connectors/good/resources/echo?text=%C3%BC&value=1")
    numbers = desks.ask("GET", "/api/connectors/default/good/resources/wait?seconds=0")
    several = desks.ask("GET", "/api/connectors/good/resources/echo?value=a&value=b")

    assert said.json()["payload"]["text"] == "ü"
    assert numbers.json()["payload"] == {"waited": 0.0}
    assert several.json()["payload"]["value"] == ["a", "b"]


def test_a_list_to_choose_from_never_writes(desks: At, called: Service):
    """A browser, a proxy or a search engine may repeat any GET."""
    answers = [desks.ask(method, "/api/connectors/good/resources/write?name=x") for method in ("GET", "HEAD")]

    assert [answer.status for answer in answers] == [409, 409]
    assert answers[0].code == "command-writes"
    assert called.asked == []


@pytest.fixture
def here(desks: At, monkeypatch: pytest.MonkeyPatch) -> At:
    """The server that this process works with."""
    monkeypatch.setenv("JACKFIELD_URL", desks.url)
    monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
    return desks


def command(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["connectors", "test", *arguments], obj=_runtime)
    return done.exit_code, done.stdout, done.stderr


def test_the_command_line_tests_a_connection(here: At):
    """Exit status 0 it works, 1 it does not, 2 it could not be tested."""
    works, off, unknown = command("good"), command("off"), command("nowhere")
    as_json = command("good", "--json")

    assert (works[0], works[1]) == (0, "")
    assert works[2].startswith("The connection of `default/good` works (")
    assert json.loads(as_json[1])["success"] is True
    assert off[0] == unknown[0] == 2
    assert "error: connector `default/off` is disabled" in off[2]


def test_the_command_line_says_what_a_service_refused(here: At, called: Service):
    make(here, "no", config={"base_url": f"{called.url}/missing?x="})
    status, _, words = command("no")
    status_json, out, _ = command("no", "--json")

    assert status == status_json == 1
    assert "error: " in words
    assert json.loads(out)["code"] == "upstream-status"


def test_the_sdk_tests_a_connection_of_a_server(here: At):
    with Jackfield() as jackfield:
        good = jackfield.manage.tests.run("good", timeout_s=5)
        with pytest.raises(JackfieldError) as caught:
            jackfield.manage.tests.run("off")

    assert (good.success, good.connector, good.status) == (True, "default/good", 200)
    assert good.tested > 1_700_000_000_000_000
    assert caught.value.code == "connector-disabled"
