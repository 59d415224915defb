"""Secrets of many shapes, in every place where one can stand, used in calls that end in every way: found nowhere."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import logging
import os
import random
import re
import shutil
import socket
import string
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, select

from jackfield import Jackfield, JackfieldError
from jackfield.__main__ import _diagnose, _runtime, _serve
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.manage.resources import Resources
from jackfield.settings import Settings, from_environment
from jackfield.storage.database import open_database
from jackfield.storage.tables import metadata
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.cli.tools import Tools
from servers import Answer, Asked, Service, serve

pytestmark = pytest.mark.slow

DICE = random.SystemRandom()
LETTERS = string.ascii_letters + string.digits
CONTROL = "control-value-that-is-no-secret"

SHAPES: dict[str, Callable[[str], str]] = {
    "plain": lambda core: f"sk-{core}",
    "quotes": lambda core: f"a\"{core}'b\\",
    "newline": lambda core: f"-----BEGIN KEY-----\n{core}\r\n-----END KEY-----\n",
    "unicode": lambda core: f"schlüssel-{core}-鍵-🔑",
    "base64-like": lambda core: base64.b64encode(core.encode() + b"\xfb\xff\xfe~").decode() + "+/==",
    "url-like": lambda core: f"p%40ss&{core} =?#/",
    "short": lambda core: core[:8],
    "long": lambda core: core + "".join(DICE.choices(LETTERS, k=4000 - len(core))),
}


@dataclass
class Canaries:
    """The secrets of one test, by the place where they stand."""

    shape: str
    made: dict[str, str] = field(default_factory=dict)
    needles: dict[str, set[bytes]] = field(default_factory=dict)

    def __getitem__(self, place: str) -> str:
        """The secret in `place`."""
        if place not in self.made:
            core = "".join(DICE.choices(LETTERS, k=24))
            self.watch(place, SHAPES[self.shape](core), core)
        return self.made[place]

    def watch(self, place: str, value: str, core: str = "") -> None:
        """Look for `value`, and for `core`, which is a part of it that no encoding of text changes."""
        self.made[place] = value
        parts = {value[-24:], value[: len(value) // 2]} if self.shape == "long" else set()
        parts |= {core} if core and core in value else set()
        self.needles[place] = {form for part in {value, *parts} for form in forms(part)}

    def found(self, evidence: Mapping[str, bytes]) -> list[str]:
        """Where there is one that should not be there. Its value is not told."""
        return sorted(
            f"{place} in {name} at {text.index(needle)}: "
            + repr(text[max(0, text.index(needle) - 80) : text.index(needle)])[-100:]
            for name, text in evidence.items()
            for place, needles in self.needles.items()
            for needle in needles
            if needle in text
        )


def forms(value: str) -> Iterator[bytes]:
    """`value` as text, in JSON, in a URL, in hex, and in base64 wherever it begins."""
    raw = value.encode()
    yield from (raw, raw.hex().encode(), raw.hex().upper().encode())
    yield from (json.dumps(value)[1:-1].encode(), json.dumps(value, ensure_ascii=False)[1:-1].encode())
    yield from (repr(value)[1:-1].encode(), quote(value, safe="").encode(), quote_plus(value).encode())
    yield quote(value).encode()
    for offset, start in enumerate((0, 2, 3)):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + raw)
            yield encoded[start : (len(raw) + offset) // 3 * 4]


class Kept(logging.Handler):
    """Keeps what a formatter would write, and all else that a record holds."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(threadName)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [self.format(record), repr(vars(record))]


def echo(asked: Asked) -> Answer:
    """A service that repeats all that it was sent, in many forms."""
    sent = [
        asked.body.decode(),
        *asked.headers.values(),
        *(value for values in asked.query.values() for value in values),
    ]
    text = " ".join(sent)
    encoded = [base64.b64encode(b"x" * offset + text.encode()).decode() for offset in range(3)]
    loose = [base64.b64encode(b"x" * offset + value.encode()).decode() for value in sent for offset in range(3)]
    body = {"text": text, "sent": sent, "base64": encoded + loose, "url": quote(text), "control": CONTROL}
    # No halves of secrets: what a service cuts in two, nobody can recognise.
    headers = {"X-Repeated": quote(text), "X-Base64": encoded[1], "Set-Cookie": f"c={quote(text)}"}
    headers = headers if len(text) < 2000 else {}
    return Answer(status=500 if asked.path == "/broken" else 200, body=body, headers=headers)


DECLARED = {
    "basic": {"type": "basic", "username": "ann", "password": {"secret": "CANARY_BASIC"}},
    "query": {"type": "api_key", "secret": "CANARY_QUERY", "name": "key", "in": "query"},
    "header": {"type": "api_key", "secret": "CANARY_HEADER", "name": "X-Key", "in": "header"},
    "bearer": {"type": "bearer", "secret": "CANARY_BEARER"},
}
COMMANDS = ("tell", "shout", "refuse", "crash", "broken", "slow", "lost")


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(echo) as running:
        yield running


@pytest.fixture(params=SHAPES)
def canaries(request: pytest.FixtureRequest) -> Canaries:
    return Canaries(request.param)


@pytest.fixture
def logs() -> Iterator[Kept]:
    """All logs of all loggers, from a handler that was there before anything was opened."""
    kept, loggers = Kept(), [logging.getLogger(name) for name in ("", "sqlalchemy", "asyncio", "aiohttp", "jackfield")]
    before = [logger.level for logger in loggers]
    logging.root.addHandler(kept)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield kept
    logging.root.removeHandler(kept)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture
def installation(
    canaries: Canaries, database_url: str, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An installation with a secret wherever there can be one, as the environment describes it."""
    key = base64.b64encode(DICE.randbytes(32)).decode()
    canaries.watch("encryption key", key)
    folder = tmp_path / "connectors"
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("canary_desk.py"), folder)
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        silent, nobody = (f"127.0.0.1:{one.getsockname()[1]}" for one in (listening, free))
        given = {
            "JACKFIELD_DATA_DIR": str(tmp_path / "data"),
            "JACKFIELD_DATABASE_URL": database_url,
            "JACKFIELD_KEY": f"main:{key}",
            "JACKFIELD_CONNECTORS": str(folder),
            "JACKFIELD_EGRESS_ALLOW": f"{service.address},{silent},{nobody}",
            "JACKFIELD_LOG_LEVEL": "debug",
            "JACKFIELD_SECRET_CANARY_ENVIRONMENT": canaries["environment"],
            "JACKFIELD_SECRET_CANARY_QUERY": canaries["query"],
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        addresses = {"base_url": service.url, "silent": f"http://{silent}", "nobody": f"http://{nobody}"}
        made = asyncio.run(_managed(partial(_configure, canaries, addresses)))
        canaries.watch("token", made)
        monkeypatch.setenv("JACKFIELD_TOKEN", made)
        yield


async def _configure(canaries: Canaries, addresses: Mapping[str, str], resources: Resources) -> str:
    """Put secrets into the database; a token of the local user."""
    for name in ("CANARY_SHARED", "CANARY_BASIC", "CANARY_HEADER", "CANARY_BEARER"):
        await resources.secrets.put(LOCAL, name, canaries[name.removeprefix("CANARY_").lower()])
    await resources.secrets.put(LOCAL, "CANARY_PRIVATE", canaries["private"], visibility="private")
    config = {
        **addresses,
        "top": canaries["top"],
        "login": {"user": "ann", "password": canaries["nested"]},
        "keys": [canaries["first in a list"], canaries["second in a list"]],
        "shared": {"secret": "CANARY_SHARED"},
        "private": {"secret": "CANARY_PRIVATE"},
        "environment": {"secret": "CANARY_ENVIRONMENT"},
        "given": {"secret": "CANARY_GIVEN"},
    }
    await resources.connectors.create(LOCAL, {"name": "desk", "type": "canary-desk", "config": config})
    operations = [{"name": name, "method": "POST", "path": f"/{name}"} for name in ("echo", "broken")]
    for name, auth in DECLARED.items():
        body = {"name": name, "baseUrl": addresses["base_url"], "auth": auth, "operations": operations}
        await resources.connectors.create(LOCAL, body)
    with suppress(JackfieldError):  # what is refused is in the audit log or nowhere
        await resources.connectors.create(LOCAL, {"name": "wrong", "type": "canary-desk", "config": {"top": [config]}})
    return (await resources.tokens.create(LOCAL, name="robot")).text


async def _managed(work: Callable[[Resources], Any]) -> Any:
    runtime = Embedded(from_environment(), types=[])
    try:
        return await work(await runtime.open())
    finally:
        await runtime.close()


class Evidence(dict[str, bytes]):
    """Everything that anybody could see, by where."""

    def add(self, name: str, value: Any) -> None:
        text = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        self[name] = self.get(name, b"") + b"\n" + text

    def add_outcome(self, outcome: Any) -> None:
        self.add("outcomes", orjson.dumps(outcome.to_json()))
        self.add("outcomes", repr(outcome))

    def add_error(self, error: BaseException) -> None:
        """Also what a traceback of it shows, and those that led to it."""
        self.add("errors", "".join(traceback.format_exception(error)))
        if isinstance(error, JackfieldError):
            self.add("errors", f"{error!r} {error} {error.hint} {error.details} {json.dumps(error.to_json())}")


def ways(canaries: Canaries) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Every call: connector, command, params and options."""
    secret = {"token": canaries["param"], "control": CONTROL}
    for command in COMMANDS:
        yield "desk", command, secret, {}
        yield "desk", command, secret, {"idempotency_key": f"key of {command}"}
        yield "desk", command, secret, {"idempotency_key": f"key of {command}"}
    yield "desk", "tell", secret | {"control": "another"}, {"idempotency_key": "key of tell"}
    yield "desk", "tell", {"token": [canaries["param"]], "control": CONTROL}, {}
    yield "desk", "tell", {"token": {"a": canaries["param"]}, "control": CONTROL}, {}
    yield "desk", "tell", secret | {"control": 7}, {}
    yield "desk", "slow", secret, {"timeout_s": 1.0}
    for name in DECLARED:
        for command in ("echo", "broken"):
            yield name, command, {}, {}
            headers = {"Authorization": f"Bearer {canaries['header of a call']}", "X-Api-Key": canaries["own header"]}
            yield name, command, {}, {"headers": headers}
            yield name, command, {"headers": {"X-Secret-Token": canaries["header among params"]}}, {}


def through_sdk(canaries: Canaries, evidence: Evidence) -> None:
    settings = from_environment()
    with Jackfield(settings=settings, types=[], secrets={"CANARY_GIVEN": canaries["given"]}) as jackfield:
        for connector, command, params, options in ways(canaries):
            try:
                evidence.add_outcome(jackfield.connector(connector, command, params, **options))
            except JackfieldError as error:
                evidence.add_error(error)
        evidence.add("objects", "\n".join(_shown(jackfield)))
        evidence.add("doctor", json.dumps(_report()))
        for name, content in _bytes(settings).items():
            evidence.add(name, content)


def through_async_sdk(canaries: Canaries, evidence: Evidence) -> None:
    async def run() -> None:
        async with Jackfield(types=[], secrets={"CANARY_GIVEN": canaries["given"]}) as jackfield:
            for command in ("refuse", "crash", "broken"):
                try:
                    params = {"token": canaries["param"], "control": CONTROL}
                    evidence.add_outcome(await jackfield.connector_async("desk", command, params))
                except JackfieldError as error:
                    evidence.add_error(error)

    asyncio.run(run())


def through_cli(canaries: Canaries, evidence: Evidence) -> None:
    """Secrets that only a program gives are not there."""
    secret = json.dumps({"token": canaries["param"], "control": CONTROL})
    for line in (
        ["call", "desk.crash", "--params", secret, "--json"],
        ["call", "query.broken", "--json"],
        ["call", "query.broken"],
        ["call", "basic.echo"],
        ["executions", "list", "--limit", "200"],
        ["executions", "list", "--limit", "200", "--json"],
        ["connectors", "show", "desk", "--json"],
        ["connectors", "list", "--json"],
        ["secrets", "list", "--json"],
        ["audit", "list", "--json"],
        ["users", "list", "--json"],
        ["keys", "list", "--json"],
        ["doctor", "--json"],
        ["doctor"],
    ):
        done = CliRunner().invoke(cli, line, obj=Tools(make_runtime=_runtime, doctor=_diagnose, serve=_serve))
        assert "Traceback" not in done.output, done.output[-2000:]
        evidence.add(f"jackfield {line[0]} {line[1] if len(line) > 1 else ''}", done.output)
        if done.exception:
            evidence.add_error(done.exception)


def _report() -> Any:
    done = CliRunner().invoke(
        cli, ["doctor", "--json"], obj=Tools(make_runtime=_runtime, doctor=_diagnose, serve=_serve)
    )
    return json.loads(done.stdout)


def _recorded(evidence: Evidence) -> None:
    async def work(resources: Resources) -> None:
        page = await resources.executions.list(LOCAL, limit=200)
        evidence.add("executions", f"{page.items!r} {[item.preview for item in page.items]}")
        for item in page.items:
            evidence.add("executions", repr(await resources.executions.get(LOCAL, item.id)))
        evidence.add("audit", repr(await resources.audit.list(LOCAL)))

    asyncio.run(_managed(work))


def _bytes(settings: Settings) -> dict[str, bytes]:
    """Every byte of the database, as it lies on the disk or in the columns of every table."""
    if settings.database.startswith("sqlite"):
        file = Path(settings.database.removeprefix("sqlite:///"))
        return {f"file {path.name}": path.read_bytes() for path in file.parent.glob(f"{file.name}*")}

    def work(connection: Connection) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for table in metadata.sorted_tables:
            values = [value for row in connection.execute(select(table)) for value in row]
            texts = [value if isinstance(value, bytes) else repr(value).encode() for value in values]
            found[f"table {table.name}"] = b"\n".join(texts)
        return found

    async def run() -> dict[str, bytes]:
        database = await open_database(settings.database)
        try:
            return await database.read(work)
        finally:
            await database.close()

    return asyncio.run(run())


_SKIPPED = (ModuleType, type, FrameType, CodeType, BuiltinFunctionType)
_PLAIN = (str, bytes, bytearray, dict, list, tuple, set, frozenset, int, float, type(None), re.Pattern)


def _shown(start: object) -> Iterator[str]:
    """The `repr` of every object that can be reached. Plain containers and texts are what they are."""
    seen, waiting = {id(start)}, [start]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, (*_PLAIN, FunctionType)):
            yield repr(here)
        inside = list(here.__closure__ or ()) if isinstance(here, FunctionType) else gc.get_referents(here)
        for found in inside:
            if id(found) not in seen and not isinstance(found, _SKIPPED):
                seen.add(id(found))
                waiting.append(found)


@pytest.mark.usefixtures("installation")
def test_no_secret_is_found_anywhere(canaries: Canaries, logs: Kept, monkeypatch: pytest.MonkeyPatch):
    """Not in the database, not in a log, not in what any surface answers. What is no secret is found: we can search."""
    evidence = Evidence()
    through_sdk(canaries, evidence)
    through_async_sdk(canaries, evidence)
    through_cli(canaries, evidence)
    monkeypatch.delenv("JACKFIELD_TOKEN")
    _recorded(evidence)
    evidence.add("logs", "\n".join(logs.lines))
    for name, content in _bytes(from_environment()).items():
        evidence.add(name, content)
    told = {name: len(text) for name, text in evidence.items()}

    found = canaries.found(evidence)
    assert found == [], told
    for place in ("outcomes", "executions", "logs", "jackfield call"):
        assert any(CONTROL.encode() in text for name, text in evidence.items() if name.startswith(place)), place
    assert b"unknown-outcome" in evidence["errors"]
    assert b"idempotency-key-reused" in evidence["errors"]
    assert any(
        b"default/desk" in text or b"desk" in text for name, text in evidence.items() if name[:5] in {"file ", "table"}
    )


def test_the_search_finds_a_secret_in_every_form(canaries: Canaries):
    """Otherwise finding none would mean nothing."""
    value = canaries["somewhere"]
    raw = value.encode()
    ways_to_write = [value, json.dumps({"a": value}), repr(value), quote(value), raw.hex()]
    ways_to_write += [base64.b64encode(b"x" * offset + raw + b"more").decode() for offset in range(3)]

    for text in ways_to_write:
        assert canaries.found({"place": f"before {text} after".encode()}), canaries.shape
    assert os.environ.get("JACKFIELD_TOKEN") is None
