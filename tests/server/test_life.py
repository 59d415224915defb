"""The life of `jackfield serve`, as a process: how it starts, how it stops, and what is left of it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from server.processes import COMMAND, Gate, Place, Process, place
from server.world import PATIENCE_S, PROBE, At, Said
from servers import serve
from surfaces.kept import KEY, OTHER_KEY
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """A place of its own."""
    return place(tmp_path)


class InFlight(threading.Thread):
    """A call that is on its way."""

    def __init__(self, at: At, body: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self._at, self._body = at, body
        self.said: Said | None = None
        self.start()

    def run(self) -> None:
        try:
            self.said = self._at.execute(self._body)
        except (OSError, ValueError) as error:  # it ended without an answer
            self.error = error

    def answer(self) -> Said | None:
        """What was answered, if anything."""
        self.join(PATIENCE_S)
        assert not self.is_alive()
        return self.said


def statuses(here: Place) -> list[tuple[str, str]]:
    """Command and status of all that is recorded, newest first, as the next process finds it."""
    with here.running() as process:
        items = process.at.ask("GET", "/api/executions").json()["items"]
    return [(item["command"], item["status"]) for item in items]


@contextmanager
def waiting(here: Place, command: str = "get", **environment: str) -> Iterator[tuple[Process, InFlight, Gate]]:
    """A server with a call in flight, whose service answers once the gate is open."""
    gate = Gate()
    with serve(gate) as service:
        more = {"PROBE_URL": service.url, "JACKFIELD_EGRESS_ALLOW": service.address, **environment}
        with here.running(**more) as process:
            options = {"timeout": 300_000, **({"idempotencyKey": "k1"} if command == "write" else {})}
            params = {"name": "x"} if command == "write" else {"path": "/slow"}
            call = InFlight(process.at, {"command": command, "params": params, "options": options})
            assert gate.came.wait(PATIENCE_S)
            yield process, call, gate
            gate.open.set()


def test_a_server_says_where_it_is_and_answers(here: Place):
    with here.running() as process:
        told = dict(process.told)
        health = At(url=told["url"], token="").ask("GET", "/api/health")
        ready = process.at.ask("GET", "/api/ready")

    assert told.keys() == {"url", "token", "database", "connectors", "problems"}
    assert (told["token"], told["problems"]) == (None, [])  # the administrator has one already
    assert told["database"].endswith("/data/jackfield.db")
    assert (health.status, health.json()) == (200, {"status": "ok"})
    assert (ready.status, ready.json()) == (200, {"status": "ready"})


def test_the_first_start_shows_a_token_once(tmp_path: Path):
    here = Place(folder=tmp_path, environment={"JACKFIELD_KEY": KEY})
    with here.running() as process:
        token = process.told["token"]
        first = At(url=process.told["url"], token=token).ask("GET", "/api/users").status
        process.signal()
        process.ended()
        assert token not in process.stderr
    with here.running() as process:
        second = process.told["token"]
        again = At(url=process.told["url"], token=token).ask("GET", "/api/users").status

    assert (first, second, again) == (200, None, 200)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_call_in_flight_finishes_when_the_server_is_stopped(here: Place, number):
    """FEATURES V07: it has its answer, and its record; nobody new is let in meanwhile."""
    with waiting(here) as (process, call, gate):
        process.signal(number)
        refused = process.refuses_connections()
        running = process.popen.poll() is None
        gate.open.set()
        said = call.answer()
        status = process.ended()
        words = process.stderr

    assert (refused, running, status) == (True, True, 0)
    assert said is not None
    assert (said.status, said.json()["payload"]) == (200, {"path": "/slow"})
    assert "Traceback" not in words
    assert not list(here.folder.glob("data/*-wal"))  # the database was closed
    assert statuses(here) == [("get", "COMPLETED")]


def test_a_call_that_takes_longer_than_it_may_is_cancelled_and_recorded_as_that(here: Place):
    with waiting(here, JACKFIELD_SHUTDOWN_S="0") as (process, call, _):
        process.signal()
        status = process.ended()
        said = call.answer()
        words = process.stderr

    assert status == 0
    assert said is not None
    assert (said.status, said.code) == (503, "server-stopping")
    assert "Traceback" not in words
    assert statuses(here) == [("get", "CANCELLED")]


def test_a_write_that_takes_longer_than_it_may_is_of_unknown_outcome(here: Place):
    """It was sent, and may have happened."""
    with waiting(here, "write", JACKFIELD_SHUTDOWN_S="0") as (process, call, _):
        process.signal()
        status = process.ended()
        call.answer()

    assert status == 0
    assert statuses(here) == [("write", "UNKNOWN_OUTCOME")]


@pytest.mark.parametrize("command", ["wait", "block"], ids=["asynchronous", "in a thread"])
def test_asked_a_second_time_the_server_ends_at_once(here: Place, command):
    """Whoever presses Ctrl-C twice does not want to wait, not even for a thread that nothing can stop."""
    with here.running(JACKFIELD_SHUTDOWN_S="600") as process:
        call = InFlight(process.at, {"command": command, "params": {"seconds": 120}, "options": {"timeout": 200_000}})
        while not process.at.ask("GET", "/api/health"):
            pass
        process.at.execute({"command": "echo"})  # the one before it has begun
        process.signal(signal.SIGINT)
        process.refuses_connections()
        process.signal(signal.SIGINT)
        status = process.ended()
        call.answer()

    assert status in {0, 130, -signal.SIGINT}
    assert ("echo", "COMPLETED") in statuses(here)


def test_an_idle_connection_does_not_keep_a_server_from_ending(here: Place):
    """Nor one that never says anything, nor one that has sent half a request."""
    with here.running(JACKFIELD_SHUTDOWN_S="600") as process, ExitStack() as connections:
        idle, _, half = (connections.enter_context(process.at.connected()) for _ in range(3))
        idle.sendall(process.at.request("GET", "/api/health"))
        idle.recv(65536)
        half.sendall(b"GET /api/health HT")
        process.signal()
        assert process.ended() == 0


def test_a_port_that_is_taken_is_said_and_nothing_is_left_running(here: Place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = here.start(str(PROBE), "--port", port)
        said = process.failed()

    assert said["code"] == "address-unusable"
    assert f"error: the server cannot listen on `127.0.0.1:{port}`" in process.stderr
    assert "hint: another program listens there" in process.stderr
    assert not (here.folder / "data").exists()  # nothing was made for a server that cannot be


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "::ffff:1.2.3.4.5"])
def test_an_address_that_is_not_of_this_machine_is_said(here: Place, host):
    process = here.start(str(PROBE), "--host", host)

    assert process.failed()["code"] in {"address-unusable", "invalid-setting"}


def test_another_key_than_that_of_the_data_is_said(here: Place):
    with here.running() as process:
        process.at.ask("POST", "/api/secrets", {"name": "A", "value": "a-secret-value"})
        process.signal()
        process.ended()
    process = here.start(str(PROBE), JACKFIELD_KEY=f"main:{OTHER_KEY}")

    assert process.failed()["code"] == "wrong-key"
    assert OTHER_KEY not in process.stderr


def test_a_database_that_is_not_there_is_said_without_its_password(here: Place):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    url = f"postgresql://jackfield:pass-nobody-may-see@127.0.0.1:{port}/jackfield"
    process = here.start(str(PROBE), JACKFIELD_DATABASE_URL=url)
    said = process.failed()

    assert said["code"] == "database-unavailable"
    assert "pass-nobody" not in str(said) + process.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_while_it_starts_leaves_nothing_in_the_way(here: Place, number):
    """Whenever that happens: here right after the database was made."""
    process = here.start("--demo")
    while not list(here.folder.glob("data/jackfield.db")) and process.popen.poll() is None:
        pass
    process.signal(number)
    process.popen.communicate(timeout=PATIENCE_S)
    words = process.stderr
    with here.running("--demo") as again:
        said = again.at.execute({"command": "list_books", "limit": 2}, to="demo")

    assert "Traceback" not in words
    assert said.json()["success"] is True


def test_a_connector_that_cannot_be_loaded_does_not_keep_the_others_from_answering(here: Place):
    folder = here.folder / "connectors"
    folder.mkdir()
    (folder / "broken.py").write_text("import nothing_of_that_name\n")
    (folder / "worse.yaml").write_text("name: [")
    (folder / "worst.json").write_text('{"name": "x", "operations": 5}')
    (folder / "probe.py").write_text(PROBE.read_text())
    with here.running(str(folder)) as process:
        problems = process.told["problems"]
        answer = process.at.execute({"command": "echo"})

    assert len(problems) == 3
    assert all(any(name in problem["detail"] for problem in problems) for name in ("broken", "worse", "worst"))
    assert answer.status == 200


YAML = "name: from-yaml\nbaseUrl: https://x.example\noperations: {get_one: {method: GET, path: /one}}\n"
JSON = (
    '{"name": "from-json", "baseUrl": "https://x.example", "operations": {"get_one": {"method": "GET", "path": "/"}}}'
)


def test_a_folder_may_have_connectors_of_every_kind(here: Place):
    folder = here.folder / "connectors"
    folder.mkdir()
    (folder / "probe.py").write_text(PROBE.read_text())
    (folder / "one.yaml").write_text(YAML)
    (folder / "two.json").write_text(JSON)
    with here.running(str(folder)) as process:
        types = {item["name"] for item in process.at.ask("GET", "/api/connector-types?limit=200").json()["items"]}

    assert process.told["problems"] == []
    assert {"probe", "from-yaml", "from-json"} <= types


def test_two_servers_with_the_demo_can_run_at_once(here: Place):
    """On one database: each has a demo service of its own."""
    with here.running("--demo") as one, here.running("--demo") as two:
        said = [at.execute({"command": "list_books", "limit": 2}, to="demo") for at in (one.at, two.at, one.at)]

    assert [(answer.status, answer.json().get("success")) for answer in said] == [(200, True)] * 3


def test_the_demo_can_be_started_again(here: Place):
    for _ in range(2):
        with here.running("--demo") as process:
            said = process.at.execute({"command": "list_books", "limit": 2}, to="demo")
            process.signal()
            assert process.ended() == 0

    assert said.json()["success"] is True


def test_a_server_listens_on_ipv6(here: Place):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with here.running(str(PROBE), "--host", "::1") as process:
        assert process.told["url"].startswith("http://[::1]:")
        assert process.at.ask("GET", "/api/ready").status == 200


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_and_no_secret_is_in_any_log(here: Place, form):
    """At the level that says most."""
    secret = "a-value-that-nobody-may-see"
    with here.running(JACKFIELD_LOG_LEVEL="debug", JACKFIELD_LOG_FORMAT=form) as process:
        at = process.at
        made = at.ask("POST", "/api/tokens", {"name": "one"}).json()["text"]
        at.ask("POST", "/api/secrets", {"name": "A", "value": secret})
        own = {"name": "own", "type": "probe", "config": {"api_key": secret}}
        assert at.ask("POST", "/api/connectors", own).status == 201
        At(url=at.url, token=made).execute({"command": "leak"}, to="own")
        at.ask("GET", f"/api/executions?where=command:eq:{secret}")
        at.execute(b'{"command": "echo", "text": "%s"' % secret.encode())
        at.ask("GET", "/api/executions", headers={"authorization": made})
        process.signal()
        process.ended()
        words = process.stderr

    assert "POST /api/connectors/own/execute 200" in words
    assert all(text not in words for text in (ADMIN_TOKEN, made, secret, KEY))


def test_a_changed_file_starts_the_server_again(here: Place):
    folder = here.folder / "connectors"
    folder.mkdir()
    (folder / "one.yaml").write_text(YAML)
    with here.running(str(folder), "--reload") as process:
        first = process.at.ask("GET", "/api/connector-types/from-yaml").status
        missing = process.at.ask("GET", "/api/connector-types/from-json").status
        (folder / "two.json").write_text(JSON)
        process.hear()
        found = process.at.ask("GET", "/api/connector-types/from-json").status
        process.signal(signal.SIGINT)
        status = process.ended()

    assert (first, missing, found) == (200, 404, 200)
    assert status in {0, 130, -signal.SIGINT}


def test_a_person_is_told_what_to_try(here: Place):
    plain = [part for part in COMMAND if part != "--json"]
    process = here.start("--demo", command=plain)
    while "The interface:" not in process.stderr and process.popen.poll() is None:
        pass
    process.signal()
    out, _ = process.popen.communicate(timeout=PATIENCE_S)

    assert (process.popen.returncode, out) == (0, "")
    assert "Jackfield runs on http://127.0.0.1:" in process.stderr
    assert "call demo.list_books limit=2" in process.stderr
    assert ADMIN_TOKEN not in process.stderr  # whoever has set it knows it
