"""A real process that makes calls through the runtime, and is killed in the middle of them."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select, update

from dispatch.crash_driver import CALLERS, STORED, TOKEN, CrashDesk
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.app.store import open_store
from jackfield.settings import Settings
from jackfield.storage.database import open_database
from jackfield.storage.housekeeping import Housekeeping
from jackfield.storage.tables.coordination import process
from jackfield.storage.tables.journal import execution
from servers import Answer, Asked, Service, serve

pytestmark = pytest.mark.slow

log = logging.getLogger("crash")
"""Says the figures, with `--log-cli-level=INFO`."""

DRIVER = Path(__file__).with_name("crash_driver.py")
SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
"""1 by hand: 1,000 keyed writes and 20 kills."""

KEY = "main:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
LARGE = "x" * 300_000
"""Kept beside its row, not in it."""


class Counting:
    """A service that counts what it was asked to do."""

    def __init__(self) -> None:
        self.orders: Counter[str] = Counter()
        self.before_answering: Callable[[], Any] = lambda: None
        self._lock = Lock()

    def __call__(self, asked: Asked) -> Answer:
        name = asked.path.rpartition("/")[2]
        if asked.method == "GET":
            return Answer(body={"thing": name, "more": LARGE if name.endswith("1") else ""})
        with self._lock:
            self.orders[name] += 1
            self.before_answering()
        return Answer(body={"ordered": name})


@dataclass
class Told:
    """What callers were told, by the name of their call.

    Attributes:
        ids: Of the executions.
        digests: Of the answered bytes, by execution.
        unknown: Of whose writes nobody knows whether they happened.
        rest: Everything else that was said.
    """

    ids: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        what, name, *more = line.split()
        if what in {"answered", "replayed"}:
            assert self.ids.setdefault(name, more[0]) == more[0], f"`{name}` has two executions"
            self.answered[name] += what == "answered"
            if what == "answered":
                self.digests[more[0]] = more[1]
        elif what == "unknown":
            assert self.unknown.setdefault(name, more[0]) == more[0], f"`{name}` has two executions"
        else:
            self.rest.append(line)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the processes of a test keep what happens, and whom they call."""

    settings: Settings
    service: Service
    counting: Counting

    def start(self, work: str, *, seed: int, count: int) -> subprocess.Popen[str]:
        """A driver that is ready."""
        given = {
            "JACKFIELD_DATA_DIR": str(self.settings.data),
            "JACKFIELD_DATABASE_URL": self.settings.database_url,
            "JACKFIELD_KEY": KEY,
            "JACKFIELD_EGRESS_ALLOW": self.service.address,
            "PYTHONPATH": str(DRIVER.parents[1]),
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
        driver = subprocess.Popen(
            [sys.executable, str(DRIVER), work, self.service.url, str(seed), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=others | given,
        )
        assert driver.stdout.readline() == "ready\n"
        return driver

    async def forget_the_dead(self) -> None:
        """Whoever was killed was last seen long ago."""
        database = await open_database(self.settings.database)
        await database.write(lambda connection: connection.execute(update(process).values(seen=0)) and None)
        await database.close()


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """A place with a connector that is stored."""
    counting = Counting()
    with serve(counting) as service:
        settings = Settings(data=tmp_path, database_url=database_url, key=KEY, egress_allow=service.address)
        runtime = Embedded(settings, types=[CrashDesk])
        resources = await runtime.open()
        config = {"base_url": service.url, "token": TOKEN}
        await resources.connectors.create(LOCAL, {"name": STORED, "type": "crash-desk", "config": config})
        await runtime.close()
        yield Place(settings=settings, service=service, counting=counting)


def go(driver: subprocess.Popen[str], told: Told, *, kill_after: int | None = None) -> None:
    """Let it work and hear what it says to the end; kill it after so many answers."""
    driver.stdin.write("go\n")
    driver.stdin.close()
    answers = 0
    for line in driver.stdout:
        told.hear(line)
        answers += line.startswith("answered")
        if answers == kill_after:
            driver.kill()
    driver.stdout.close()
    driver.wait()


def a_killer(driver: subprocess.Popen[str], after: int) -> Callable[[], None]:
    """Kills the driver when it has sent its `after`th write, which the service has carried out and not answered."""
    left = [after]

    def strike() -> None:
        left[0] -= 1
        if left[0] == 0:
            driver.kill()

    return strike


def lives(kills: int, count: int, seed: object) -> Iterator[tuple[int, int, bool]]:
    """How often a process is killed: the number of its life, after how many answers or writes, and which of them."""
    dice = random.Random(str(seed))
    for life in range(kills):
        yield life, dice.randrange(1, max(2, count // (kills + 1))), bool(life % 2)


async def test_what_was_answered_before_a_kill_is_found_by_the_next_process(place: Place):
    """Every row is whole, and has the very bytes that were answered; of the others none is half there."""
    kills, told = max(4, int(20 * SCALE)), Told()
    for life, after, while_sending in lives(kills, int(4000 * SCALE), place.settings.database):
        driver = place.start("mixed", seed=life, count=10_000)
        if while_sending:
            place.counting.before_answering = a_killer(driver, after)
        go(driver, told, kill_after=None if while_sending else after)
        place.counting.before_answering = lambda: None
        assert driver.returncode == -9
    assert told.rest == []

    runtime = Embedded(place.settings, types=[])
    resources = await runtime.open()
    for name, key in told.ids.items():
        found = await resources.executions.get(LOCAL, key)
        assert found.status == "COMPLETED"
        assert found.params["name"] == name
        assert hashlib.sha256(orjson.dumps(found.outcome)).hexdigest() == told.digests[key]
        assert "password" not in found.params or found.params["password"] == "********"
    ids = await _every(place.settings, select(execution.c.id))
    everything = {key: await resources.executions.get(LOCAL, key) for (key,) in ids}
    await runtime.close()

    assert len(told.ids) >= kills
    assert set(told.ids.values()) <= set(everything)
    for found in everything.values():
        ended = found.status == "COMPLETED"
        assert ended or found.status == "RUNNING"
        assert (found.ended is not None) is ended
        assert (found.outcome is not None) is ended
        assert found.params["name"].startswith("mixed-")
    log.info("%d answered, %d kept, %d kills", len(told.ids), len(everything), kills)


async def test_killed_at_any_point_no_keyed_write_is_sent_twice_and_no_answer_is_lost(place: Place):
    """Each life asks for every key again, as callers do."""
    count, kills, told = int(1000 * SCALE), max(4, int(20 * SCALE)), Told()
    counting = place.counting
    for life, after, while_sending in lives(kills, count, place.settings.database):
        driver = place.start("keyed", seed=life, count=count)
        if while_sending:
            counting.before_answering = a_killer(driver, after)
        go(driver, told, kill_after=None if while_sending else after)
        counting.before_answering = lambda: None
        assert driver.returncode == -9
        await place.forget_the_dead()
    for _ in range(2):  # the last one finds what the others have left, and another is told the same
        driver = place.start("keyed", seed=99, count=count)
        go(driver, told)
        assert driver.returncode == 0
    keys = {f"keyed-{number}" for number in range(count)}
    runtime = Embedded(place.settings, types=[])
    resources = await runtime.open()
    statuses = {key: (await resources.executions.get(LOCAL, known)).status for key, known in told.unknown.items()}
    await runtime.close()

    assert told.rest == []
    assert set(counting.orders.values()) == {1}  # no duplicates
    assert set(told.ids) | set(told.unknown) == keys
    assert set(told.ids) & set(told.unknown) == set()
    assert set(told.ids) <= set(counting.orders)  # nothing that was answered is lost
    assert set(told.answered.values()) <= {0, 1}
    assert set(counting.orders) - set(told.ids) <= set(told.unknown)
    assert set(statuses.values()) == {"UNKNOWN_OUTCOME"}
    assert len(told.unknown) >= kills // 2
    log.info("%d keys, %d kills: %d answered, %d unknown", count, kills, len(told.ids), len(told.unknown))


async def test_unkeyed_writes_of_a_process_that_was_killed_are_reported_as_unknown(place: Place):
    """Nobody asks for them again, so housekeeping says it. Those that were answered stay as they are."""
    kills, told, at_the_kill = max(2, int(10 * SCALE)), Told(), 0
    for life, after, _ in lives(kills, 200, place.settings.database):
        driver = place.start("unkeyed", seed=life, count=1000)
        place.counting.before_answering = a_killer(driver, CALLERS + after)
        go(driver, Told() if life else told)
        place.counting.before_answering = lambda: None
        assert driver.returncode == -9
        async with _house(place) as house:
            early = await house.run_once()
            open_before = await _running(place)
            await place.forget_the_dead()
            late = await house.run_once()
            open_after = await _running(place)

        assert (early.given_up, early.recovered.unknown) == ([], [])  # it may only be slow
        assert len(late.given_up) == 1
        assert 1 <= len(late.recovered.unknown) <= CALLERS
        assert set(late.recovered.unknown) == open_before
        assert open_after == set()
        at_the_kill += len(open_before)
    rows = await _every(place.settings, select(execution.c.id, execution.c.status, execution.c.error_code))

    states = Counter(status for _, status, _ in rows)
    assert set(states) == {"COMPLETED", "UNKNOWN_OUTCOME"}
    assert states["UNKNOWN_OUTCOME"] == at_the_kill
    assert {code for _, status, code in rows if status == "UNKNOWN_OUTCOME"} == {"unknown-outcome"}
    assert set(told.ids.values()) <= {key for key, status, _ in rows if status == "COMPLETED"}
    # Each order that was carried out is either answered or reported.
    assert place.counting.orders.total() <= len(rows)
    log.info("%d writes, %d kills: %s", len(rows), kills, states)


@asynccontextmanager
async def _house(place: Place) -> AsyncIterator[Housekeeping]:
    """The housekeeping of another process."""
    store = await open_store(place.settings, kind="server")
    assert store is not None
    await store.presence.owner()
    yield Housekeeping(store.database, store.presence, retention_days=90)
    await store.close()


async def _running(place: Place) -> set[str]:
    return {
        key for (key,) in await _every(place.settings, select(execution.c.id).where(execution.c.status == "RUNNING"))
    }


async def _every(settings: Settings, statement: Any) -> list[Any]:
    database = await open_database(settings.database)

    def work(connection: Connection) -> list[Any]:
        return [tuple(row) for row in connection.execute(statement)]

    found = await database.read(work)
    await database.close()
    return found
