"""The same program, with a server."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError, UpstreamStatus, WrongUse
from jackfield.access.errors import ScopeMissing, TokenUnknown
from jackfield.definition.errors import InvalidParams
from jackfield.manage.errors import UnknownSecret, UnknownUser
from jackfield.manage.resources import Resources, Stored
from jackfield.registry.errors import UnknownConnector
from jackfield.settings import InvalidSetting, Settings
from jackfield.storage.errors import RevisionConflict
from jackfield.surfaces.sdk.managed import NAMES
from jackfield.surfaces.sdk.remote.resources import RemoteResources
from jackfield.surfaces.sdk.remote.wire import Wire
from jackfield.surfaces.server_errors import OnlyAtTheServer
from servers import Answer, Service, serve
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

DESK = {
    "name": "desk",
    "version": "1.2.0",
    "operations": [
        {"name": "list_items", "method": "GET", "path": "/items", "readsOnly": True},
        {"name": "broken", "method": "GET", "path": "/broken"},
        {"name": "make_item", "method": "POST", "path": "/items"},
    ],
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serve(lambda asked: Answer(status=500 if asked.path == "/broken" else 200, body=[asked.path])) as running:
        yield running


@pytest.fixture(scope="module")
def url(service: Service, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests, which use names of their own."""
    folder = tmp_path_factory.mktemp("server")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    (folder / "desk.json").write_text(json.dumps(DESK | {"baseUrl": service.url}))
    settings = Settings(
        data=folder,
        database_url=database,
        key=KEY,
        admin_token=ADMIN_TOKEN,
        port=0,
        connectors=(folder / "desk.json",),
        egress_allow=service.address,
    )
    with served(settings) as started:
        yield started.url


@pytest.fixture
def jf(url: str) -> Iterator[Jackfield]:
    with Jackfield(url=url, token=ADMIN_TOKEN) as made:
        yield made


def test_the_same_calls_work(jf: Jackfield):
    """K14: attributes, items, loaded connectors."""
    outcome = jf.connector("desk", "list_items", {})
    desk = jf.load_connector("desk")

    assert outcome.payload == desk.list_items().payload == ["/items"]
    assert outcome.metadata["connector"] == "default/desk"
    assert desk.commands == ["list_items", "broken", "make_item"]
    assert desk.definition.version == "1.2.0"


async def test_the_same_asynchronous_calls_work(jf: Jackfield):
    """K02."""
    outcome = await jf.connector_async("default/desk", "list-items", {})
    desk = await jf.load_connector_async("desk")

    assert outcome.payload == ["/items"]
    assert (await desk.call_async("list_items")).payload == ["/items"]


def test_a_type_that_needs_no_connector_is_loaded_by_its_name(jf: Jackfield):
    """As in one's own process."""
    assert jf.load_connector("delay").wait(delayMs=0).delayed == 0


def test_what_could_not_start_raises_its_typed_error(jf: Jackfield):
    """K17: programs catch classes, not texts."""
    with pytest.raises(UnknownConnector, match="there is no connector `dekk`") as unknown:
        jf.connector("dekk", "list_items", {})
    with pytest.raises(InvalidParams) as invalid:
        jf.connector("delay", None, {"delayMs": "soon"})
    with pytest.raises(UnknownConnector):
        jf.load_connector("dekk")

    assert unknown.value.hint == "did you mean `desk`?"
    assert invalid.value.details["errors"][0]["pointer"] == "/delayMs"


@pytest.mark.parametrize("target", ["", ".", "..", "a/b/c", "/", "desk/", "ä/ö", "a b", "desk?x=1", "desk#", "\ud800"])
def test_no_target_leaves_its_place_in_the_path(jf: Jackfield, target: str):
    """A name is data: what is called is a connector, or nothing."""
    with pytest.raises(UnknownConnector):
        jf.connector(target, "list_items", {})


def test_what_ran_and_failed_is_an_outcome(jf: Jackfield):
    """K07, K08: in a process that has loaded no such error before."""
    outcome = jf.connector("desk", "broken", {})

    assert (outcome.success, outcome.code) == (False, "upstream-status")
    with pytest.raises(UpstreamStatus):
        outcome.raise_on_error()


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan"), [float("inf")], 2**70, {1: 2}, b"x"])
def test_a_param_without_json_form_is_named_and_nothing_is_sent(jf: Jackfield, value: Any, service: Service):
    """Sending something like it would be a guess."""
    sent = len(service.asked)
    with pytest.raises(InvalidParams, match="`/count`: is not JSON"):
        jf.connector("desk", "make_item", {"name": None, "count": value})

    assert len(service.asked) == sent


def test_options_reach_the_server(jf: Jackfield, service: Service):
    """Each of them, in its unit."""
    first = jf.connector(
        "desk", "make_item", {"n": 1}, timeout_s=2.5, idempotency_key="k-1", headers={"X-Team": "blue"}
    )
    again = jf.connector("desk", "make_item", {"n": 1}, {"idempotencyKey": "k-1", "headers": {"X-Team": "blue"}})
    with pytest.raises(JackfieldError) as mocked:
        jf.connector("desk", "make_item", {}, scenario="none")

    assert again.metadata["replayed"] is True
    assert first.payload == again.payload
    assert [asked.headers["x-team"] for asked in service.asked if asked.body == b'{"n":1}'] == ["blue"]
    assert mocked.value.code == "mock-missing"


def test_whoever_sets_mock_sends_nothing_although_a_server_would(url: str, service: Service):
    """`JACKFIELD_MOCK` is set to be safe."""
    sent = len(service.asked)
    with Jackfield(url=url, token=ADMIN_TOKEN, mock=True) as careful, pytest.raises(JackfieldError) as caught:
        careful.connector("desk", "make_item", {})

    assert caught.value.code == "mock-missing"
    assert len(service.asked) == sent


def test_calls_are_recorded_as_those_of_the_sdk(jf: Jackfield):
    """The record says where a call came from."""
    made = jf.connector("desk", "list_items", {}).metadata["executionId"]

    assert jf.manage.executions.get(made).trigger == "sdk"


def test_everything_can_be_managed(jf: Jackfield):
    """The same dataclasses come back as in one's own process."""
    put = jf.manage.secrets.put("MANAGED_KEY", "first-key-0123456789", description="of a test")
    again = jf.manage.secrets.put("MANAGED_KEY", "second-key-0123456789")
    ann = jf.manage.users.add(name="managed-ann", scopes=["read"], expires_in_s=3600)
    robot = jf.manage.tokens.create(name="robot", scopes=["read"])
    made = jf.add({"name": "managed", "type": "desk", "tags": ["blue"]})
    (found,) = jf.manage.connectors.list(tag="blue", type="Desk", enabled=True)
    changed = jf.manage.connectors.update("managed", {"description": "Ours."}, revision=found.revision)

    assert (put.created, again.created) == (True, False)
    assert jf.manage.secrets.get("MANAGED_KEY") == again.secret
    assert again.secret.description == "of a test"
    assert ann.token.text.startswith("jf_")
    assert ann.token.text not in repr(ann)
    assert jf.manage.users.get("managed-ann") == ann.user
    assert robot.token in jf.manage.tokens.list()
    assert jf.manage.tokens.revoke(robot.token.id).revoked
    assert (made, found.full_name, changed.description) == ("default/managed", "default/managed", "Ours.")
    assert [jf.manage.connectors.disable("managed").enabled, jf.manage.connectors.enable("managed").enabled] == [
        False,
        True,
    ]
    with pytest.raises(RevisionConflict):
        jf.manage.connectors.update("managed", {"description": "Theirs."}, revision=found.revision)
    assert jf.manage.types.get("desk").definition["version"] == "1.2.0"
    assert [version.version for version in jf.manage.types.versions("delay")] == ["1.0.0"]
    assert jf.manage.types.version("delay", "1.0.0").definition["name"] == "delay"
    assert {info.name for info in jf.manage.types.list()} >= {"delay", "http", "desk"}
    jf.manage.connectors.delete("managed")
    jf.manage.secrets.delete("MANAGED_KEY")
    jf.manage.users.delete("managed-ann")
    with pytest.raises(UnknownSecret):
        jf.manage.secrets.get("MANAGED_KEY")
    page = jf.manage.audit.list(resource="secret", resource_id="MANAGED_KEY", limit=2, total=True)
    assert [entry.action for entry in page.items] == ["secret.delete", "secret.update"]
    assert page.total == 3
    assert page.cursor is not None
    assert jf.manage.audit.list(resource="secret", resource_id="MANAGED_KEY", cursor=page.cursor).items[0].sequence > 0
    verified = jf.manage.audit.verify()
    assert jf.manage.audit.verify(anchor=verified.anchor).intact


def test_executions_are_listed_page_by_page(jf: Jackfield):
    """With the same filters; a list has no params and outcomes."""
    for _ in range(3):
        made = jf.connector("delay", None, {"delayMs": 0}).metadata["executionId"]
    page = jf.manage.executions.list(connector="delay", status="COMPLETED", limit=2, total=True)
    rest = jf.manage.executions.list(connector="delay", status="COMPLETED", limit=2, cursor=page.cursor)
    whole = jf.manage.executions.get(made)

    assert page.items[0].id == made
    assert (len(page.items), page.total >= 3, len(rest.items) >= 1) == (2, True, True)
    assert (page.items[0].outcome, page.items[0].preview) == (None, '{"delayed":0}')
    assert whole.outcome["payload"] == {"delayed": 0}
    assert [view.id for view in jf.manage.executions.tree(made)] == [made]
    assert jf.manage.executions.list(since=whole.started + 1000, connector="delay").items == []


@pytest.mark.parametrize("name", ["", ".", "..", "me", "a/b"])
def test_a_name_that_no_path_can_hold_is_nobodys(jf: Jackfield, name: str):
    """It must not reach another route instead."""
    with pytest.raises(UnknownUser):
        jf.manage.users.get(name)


def test_a_list_of_many_pages_is_read_whole(jf: Jackfield):
    """A server gives 200 at once."""
    for n in range(201):
        jf.manage.secrets.put(f"MANY_{n:03}", "value-0123456789")
    names = [secret.name for secret in jf.manage.secrets.list()]

    assert [name for name in names if name.startswith("MANY_")] == [f"MANY_{n:03}" for n in range(201)]


def test_keys_stay_where_they_are(jf: Jackfield):
    """Nobody changes over the network what everything hangs on."""
    with pytest.raises(OnlyAtTheServer) as caught:
        jf.manage.keys.status()

    assert "where the server's database" in caught.value.hint


def test_a_token_allows_at_the_server_what_it_allows(jf: Jackfield, url: str):
    """The server finds out who calls, whatever the client says."""
    reads = jf.manage.tokens.create(name="reads", scopes=["read"]).text
    with Jackfield(url=url, token=reads) as reader:
        assert reader.manage.secrets.list() is not None
        with pytest.raises(ScopeMissing):
            reader.manage.secrets.put("ACME_KEY", "value-0123456789")
        with pytest.raises(ScopeMissing):
            reader.connector("desk", "list_items", {})
    with Jackfield(url=url, token="nobody-knows-this-token-0123") as stranger, pytest.raises(TokenUnknown):
        stranger.connector("desk", "list_items", {})


def of_the_server(name: str) -> type:
    """The class behind a resource where it is kept."""
    hint = Resources.__annotations__.get(name) or Stored.__annotations__[name]
    modules = [module for module in sys.modules.values() if module.__name__.startswith("jackfield.manage.")]
    return next(
        vars(module)[hint] for module in modules if getattr(vars(module).get(hint), "__module__", "") == module.__name__
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_method_and_no_parameter_is_forgotten(name: str):
    """What works in one's own process works with a server."""
    import jackfield.app.opening_stored  # noqa: F401 - imports them all

    twin = type(getattr(RemoteResources(Wire(url="http://x", token="")), name))
    for method, function in inspect.getmembers(of_the_server(name), inspect.isfunction):
        if not method.startswith("_"):
            wanted, has = inspect.signature(function).parameters, inspect.signature(getattr(twin, method)).parameters
            assert [(p.name, p.kind) for p in has.values()] == [(p.name, p.kind) for p in wanted.values()], method
            if name != "keys":
                assert [p.default for p in has.values()] == [p.default for p in wanted.values()], method


@pytest.mark.parametrize(
    "given",
    [{"folder": "connectors"}, {"types": []}, {"connectors": [DESK]}, {"secrets": {"A": "b"}}, {"egress_allow": ""}],
)
def test_what_a_server_would_not_see_is_refused(given: dict[str, Any]):
    """Silently leaving it out would be found out much later."""
    with pytest.raises(WrongUse, match=f"`{next(iter(given))}` cannot be given to the Jackfield server") as caught:
        Jackfield(url="http://127.0.0.1:9", token="t", **given)

    assert 'Jackfield(url="", ...)' in caught.value.hint


def test_the_environment_chooses_and_an_argument_overrules_it(url: str, monkeypatch: pytest.MonkeyPatch):
    """The same program in one's own process and with a server."""
    monkeypatch.setenv("JACKFIELD_URL", url)
    monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
    with Jackfield() as there, Jackfield(url="", types=[]) as here:
        assert there.connector("desk", "list_items", {}).success
        assert here.connector("delay", None, {"delayMs": 0}).success
        with pytest.raises(UnknownConnector):
            here.connector("desk", "list_items", {})


def test_the_token_of_one_server_is_not_sent_to_another(monkeypatch: pytest.MonkeyPatch):
    """Whoever names another server must say with which token."""
    monkeypatch.setenv("JACKFIELD_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
    with pytest.raises(WrongUse, match="`url` is given without `token`"):
        Jackfield(url="http://127.0.0.1:8")


@pytest.mark.parametrize("token", ["jf_one\njf_two-0123456789", "jf_ümlaut", "jf_a b", "jf_a\0b"])
def test_what_cannot_be_a_token_is_not_sent(token: str):
    """Half a file, or two lines of one: it must not become a header of its own, nor be shown."""
    with pytest.raises(InvalidSetting, match="JACKFIELD_TOKEN") as caught:
        Jackfield(url="http://127.0.0.1:9", token=token)

    assert token not in str(caught.value)


REMOTE_CALL = """
import sys
from jackfield.__main__ import main
sys.argv = ["jackfield", *{arguments!r}]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


LINES = [
    ["call", "delay", "delayMs=0"],
    ["secrets", "list"],
    ["users", "list"],
    ["executions", "list"],
    ["audit", "list"],
]


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_what_asks_a_server_loads_no_server_and_no_database(
    line: list[str], url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Somebody waits at a terminal."""
    monkeypatch.setenv("JACKFIELD_URL", url)
    monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
    monkeypatch.chdir(tmp_path)
    code = REMOTE_CALL.replace("{arguments!r}", repr(line))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.splitlines()[-1].split())

    assert {
        "sqlalchemy",
        "alembic",
        "fastapi",
        "starlette",
        "pydantic",
        "cryptography",
        "jinja2",
        "rich",
    } & loaded == set()
    assert "aiohttp" in loaded
