"""Scripts on a server: checked when they are saved, changed while they run, called over every version."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from databases import drop_database, new_database, require_postgresql
from jackfield.settings import Settings
from server.processes import Gate
from server.world import At, Said, at
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served


class World:
    """A service whose answers wait where the path says so."""

    def __init__(self) -> None:
        self.gate = Gate()

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/slow":
            self.gate(asked)
        return Answer(body={"path": asked.path})


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[World, Service]]:
    made = World()
    with serve(made) as service:
        yield made, service


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Nothing, for the file in the data folder, or a database of the real PostgreSQL server."""
    if request.param == "sqlite":
        yield ""
        return
    require_postgresql()
    url = new_database()
    yield url
    drop_database(url)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, world: tuple[World, Service], database_url: str) -> Iterator[At]:
    """One for all of these tests: each has connectors of its own."""
    settings = Settings(
        data=tmp_path_factory.mktemp("server"),
        database_url=database_url,
        key=KEY,
        connectors=(),
        port=0,
        admin_token=ADMIN_TOKEN,
        egress_allow=world[1].address,
        script_memory_mb=64,
    )
    with served(settings) as started:
        yield at(started)


def save(server: At, name: str, source: str, commands: list[str] | None = None, **more: Any) -> Said:
    schema = {"configSchema": {"commands": {each: {} for each in commands}}} if commands else {}
    return server.ask("POST", "/api/connectors", {"name": name, "scriptSource": source} | schema | more)


def change(server: At, name: str, **body: Any) -> Said:
    return server.ask("PUT", f"/api/connectors/{name}", body)


def call(server: At, name: str, command: str, **params: Any) -> dict[str, Any]:
    said: dict[str, Any] = server.execute({"command": command, "params": params}, to=name).json()
    return said


def version(server: At, name: str) -> str:
    said: str = server.ask("GET", f"/api/connector-types/{name}").json()["version"]
    return said


def test_a_script_that_cannot_be_read_is_refused_with_its_place(server: At):
    """C13: whoever edits it finds the character."""
    said = save(server, "broken", "function run() {\n  return 1 +;\n}\n")

    assert (said.status, said.code) == (422, "script-invalid")
    (error,) = said.json()["errors"]
    assert (error["pointer"], error["line"]) == ("/scriptSource", 2)
    assert error["column"] > 0
    assert server.ask("GET", "/api/connectors/broken").status == 404


def test_what_fails_outside_of_a_function_is_refused_when_it_is_saved(server: At):
    """Each call would fail with it."""
    said = save(server, "failing", "var a = undefinedThing();\nfunction run() {}")

    assert (said.status, said.code) == (422, "script-invalid")
    assert "undefinedThing" in said.json()["detail"]


def test_a_command_without_a_function_is_refused_with_those_that_are_there(server: At):
    """All of them at once."""
    said = save(server, "lacking", "function listContacts() {}", ["listContact", "test"])

    assert (said.status, said.code) == (422, "invalid-definition")
    first, second = said.json()["errors"]
    assert (
        first["message"]
        == "there is no function `listContact` for the command `listContact`; did you mean `listContacts`?"
    )
    assert second["message"].endswith("for the command `test`; there are `listContacts`")
    assert first["pointer"] == second["pointer"] == "/scriptSource"


@pytest.mark.parametrize(
    ("limits", "pointer"),
    [
        ({"memoryMb": 128}, "/limits/memoryMb"),
        ({"cpuMs": 60_000}, "/limits/cpuMs"),
        ({"cpuMs": "much"}, "/limits/cpuMs"),
        ({"wallMs": -1}, "/limits/wallMs"),
        ({"memory": 16}, "/limits/memory"),
    ],
)
def test_limits_are_within_what_the_installation_allows(server: At, limits: dict[str, Any], pointer: str):
    """Whoever makes a connector does not decide how much of the machine it gets."""
    said = save(server, "greedy", "function run() {}", limits=limits)

    assert (said.status, said.code) == (422, "invalid-definition")
    assert [error["pointer"] for error in said.json()["errors"]] == [pointer]


def test_what_is_said_of_a_script_is_answered_as_it_is_kept(server: At):
    """And can be sent back with a part changed."""
    said = save(
        server,
        "kept",
        "function run() { return { n: 1 }; }",
        ["run"],
        protocol="1.x",
        limits={"memoryMb": 32, "cpuMs": 1000},
        logLevel="debug",
    )
    kind = server.ask("GET", "/api/connector-types/kept").json()["definition"]

    assert said.status == 201, said.body
    assert said.json()["logLevel"] == "debug"
    assert kind["source"] == {
        "scriptSource": "function run() { return { n: 1 }; }",
        "protocol": "1.x",
        "limits": {"memoryMb": 32, "cpuMs": 1000},
    }
    assert change(server, "kept", logLevel="info").json()["logLevel"] == "info"
    assert version(server, "kept") == "1.0.0"
    assert change(server, "kept", logLevel="loud").code == "invalid-definition"


def test_a_script_without_declared_commands_offers_its_functions(server: At):
    """They take any params; a new one is a new command."""
    save(server, "undeclared", "function first() { return { n: floh.params.n }; }")
    changed = change(server, "undeclared", scriptSource="function first() {} function second() { return { m: 2 }; }")

    assert list(changed.json()["configSchema"]["commands"]) == ["first", "second"]
    assert call(server, "undeclared", "second")["payload"] == {"m": 2}
    assert version(server, "undeclared") == "1.1.0"


def test_a_changed_script_is_a_new_version_by_what_it_changes_for_callers(server: At):
    """A correction is a patch, a new command a minor version; what breaks needs to be said where others use it."""
    commands = {"run": {}, "more": {}}
    save(server, "versions", "function run() { return { n: 1 }; }", ["run"])
    change(server, "versions", scriptSource="function run() { return { n: 2 }; }")
    patched, n = version(server, "versions"), call(server, "versions", "run")["payload"]
    source = "function run() { return { n: 3 }; } function more() {}"
    change(server, "versions", scriptSource=source, configSchema={"commands": commands})
    grown = version(server, "versions")
    other = server.ask("POST", "/api/connectors", {"name": "other", "type": "versions"})
    fewer = {"scriptSource": "function more() {}", "configSchema": {"commands": {"more": {}}}}
    refused, bumped = change(server, "versions", **fewer), change(server, "versions", **fewer, autoBump=True)

    assert (patched, n, grown) == ("1.0.1", {"n": 2}, "1.1.0")
    assert other.status == 201, other.body
    assert (refused.status, refused.code) == (409, "version-too-low")
    assert bumped.status == 200
    assert version(server, "versions") == "2.0.0"
    assert server.execute({"command": "run"}, to="other").code == "unknown-command"


def test_a_broken_change_leaves_what_there_is(server: At):
    """The old script goes on answering."""
    save(server, "stays", "function run() { return { n: 1 }; }", ["run"])
    refused = [
        change(server, "stays", scriptSource="function run( {"),
        change(server, "stays", scriptSource="function walk() {}"),
    ]

    assert [said.code for said in refused] == ["script-invalid", "invalid-definition"]
    assert version(server, "stays") == "1.0.0"
    assert call(server, "stays", "run")["payload"] == {"n": 1}


def test_calls_in_flight_finish_on_the_script_that_they_began_with(server: At, world: tuple[World, Service]):
    """And those that come after have the new one."""
    behaviour, service = world
    source = 'function run() { var a = floh.http.get("URL/slow"); return { script: "VERSION", path: a.body.path }; }'
    source = source.replace("URL", service.url)
    save(server, "hot", source.replace("VERSION", "old"), ["run"])
    behaviour.gate.came.clear()
    behaviour.gate.open.clear()
    with ThreadPoolExecutor(4) as callers:
        early = [callers.submit(call, server, "hot", "run") for _ in range(3)]
        assert behaviour.gate.came.wait(20)
        changed = change(server, "hot", scriptSource=source.replace("VERSION", "new").replace("/slow", "/fast"))
        late = call(server, "hot", "run")
        behaviour.gate.open.set()
        answers = [each.result(20) for each in early]

    assert changed.status == 200
    assert late["payload"] == {"script": "new", "path": "/fast"}
    assert late["metadata"]["version"] == "1.0.1"
    assert {answer["payload"]["script"] for answer in answers} <= {"old", "new"}
    assert answers[0]["payload"] == {"script": "old", "path": "/slow"}
    assert answers[0]["metadata"]["version"] == "1.0.0"


def test_a_mock_script_is_checked_when_it_is_saved(server: At):
    """R02: with its place in the body."""
    save(server, "mocked", "function run() { return { from: 'service' }; }", ["run"])
    broken = change(server, "mocked", mocks={"enabled": True, "script": "function run( {"})
    good = change(server, "mocked", mocks={"enabled": True, "script": "function run() { return { from: 'mock' }; }"})

    assert (broken.status, broken.code) == (422, "script-invalid")
    assert [error["pointer"] for error in broken.json()["errors"]] == ["/mocks/script"]
    assert good.status == 200
    assert call(server, "mocked", "run")["payload"] == {"from": "mock"}


def test_a_type_can_be_a_script_too(server: At):
    """`POST /api/connector-types`: checked alike."""
    bad = server.ask("POST", "/api/connector-types", {"name": "kind", "scriptSource": "function run( {"})
    good = server.ask(
        "POST", "/api/connector-types", {"name": "kind", "scriptSource": "function run() { return {n: 1}; }"}
    )
    worse = server.ask("PUT", "/api/connector-types/kind", {"scriptSource": "nonsense nonsense"})

    assert (bad.status, bad.code, worse.code) == (422, "script-invalid", "script-invalid")
    assert good.status == 201, good.body
    assert call(server, "kind", "run")["payload"] == {"n": 1}


def test_the_sample_is_there_from_the_start(server: At):
    """C12: as a type, and as a connector that can be called."""
    types = {kind["name"] for kind in server.ask("GET", "/api/connector-types").json()["items"]}
    shown = server.ask("GET", "/api/connectors/sample-script").json()

    assert "sample-script" in types
    assert (shown["type"], shown["executionModel"], shown["configured"]) == ("sample-script", "script", True)
    assert call(server, "sample-script", "test")["payload"]["dataCount"] == 5


def test_no_transaction_is_open_while_a_script_is_looked_at(server: At):
    """A script that takes its time to load keeps nobody else from writing."""
    save(server, "busy", "function run() {}")
    slow = "var until = Date.now() + 300; while (Date.now() < until) {} function run() {}"
    done = threading.Event()

    def saving() -> Said:
        try:
            return save(server, "slow-to-load", slow)
        finally:
            done.set()

    with ThreadPoolExecutor(1) as callers:
        saved = callers.submit(saving)
        others = 0
        while not done.is_set():
            assert change(server, "busy", tags=[str(others % 7)]).status == 200
            others += 1

        assert saved.result().status == 201
    assert others > 1
