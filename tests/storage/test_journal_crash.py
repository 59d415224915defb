"""Real processes: racing for the same keys, and killed in the middle of their writes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from jackfield.storage.journal_claim import Replay, Unknown
from servers import Answer, Asked, serve
from storage.journal_world import asked, living

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("journal_driver.py")
SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
"""1 by hand: 1,000 writes and 20 kills."""

KINDS = pytest.mark.parametrize("kind", ["native", "plain"])


class Counting:
    """A service that counts: requests, and what they did.

    With native keys a repeated one is answered again and does nothing; without, every request does something.
    """

    def __init__(self, kind: str) -> None:
        self.native = kind == "native"
        self.requests: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.before_answering: Any = lambda: None
        self._lock = Lock()

    def __call__(self, asked: Asked) -> Answer:
        key = asked.headers["idempotency-key"]
        with self._lock:
            self.requests[key] += 1
            if not (self.native and self.done[key]):
                self.done[key] += 1
            self.before_answering()
        return Answer(body=f"{key}-was-done".encode())


@dataclass
class Told:
    """What callers were told, by key."""

    outcomes: dict[str, set[str]] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)
    busy: Counter[str] = field(default_factory=Counter)

    def hear(self, line: str) -> None:
        what, key, *rest = line.split()
        if what in {"answered", "replayed"}:
            self.outcomes.setdefault(key, set()).add(rest[0])
            self.answered[key] += what == "answered"
        elif what == "unknown":
            self.unknown.add(key)
        else:
            self.busy[key] += 1


def start(*arguments: object) -> subprocess.Popen[str]:
    """A driver that is ready."""
    command = [sys.executable, str(DRIVER), *map(str, arguments)]
    driver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert driver.stdout.readline() == "ready\n"
    return driver


def go(*drivers: subprocess.Popen[str]) -> None:
    """Let them begin, all at once."""
    for driver in drivers:
        driver.stdin.write("go\n")
        driver.stdin.close()


def listen(driver: subprocess.Popen[str], told: Told, *, kill_after: int | None = None) -> None:
    """Hear what it says to the end; kill it after so many answers."""
    answers = 0
    for line in driver.stdout:
        told.hear(line)
        answers += line.startswith("answered")
        if answers == kill_after:
            driver.kill()
    driver.stdout.close()
    driver.wait()


@KINDS
async def test_two_processes_that_race_for_the_same_keys_send_each_once(database, database_url, kind):
    """The other one waits or is told the outcome."""
    count = max(20, int(200 * SCALE))
    service, told = Counting(kind), Told()
    with serve(service) as running:
        drivers = [start(database_url, running.url, owner, "one,two", kind, 7, count) for owner in ("one", "two")]
        go(*drivers)
        for driver in drivers:
            listen(driver, told)

    assert [driver.returncode for driver in drivers] == [0, 0]
    assert service.requests == Counter({f"key-{number}": 1 for number in range(count)})
    assert told.answered == service.requests
    assert told.unknown == set()
    assert {key: outcomes == {f"{key}-was-done"} for key, outcomes in told.outcomes.items()} == dict.fromkeys(
        service.requests, True
    )


@KINDS
async def test_killed_at_any_point_no_write_is_done_twice_and_no_answer_is_lost(database, database_url, kind):
    """Each life asks for every key again, as callers and resumed runs do."""
    count, kills = int(1000 * SCALE), max(4, int(20 * SCALE))
    dice = random.Random(f"{kind} {database.dialect}")
    service, told, killed_while_sending = Counting(kind), Told(), 0
    with serve(service) as running:
        for life in range(kills):
            driver = start(database_url, running.url, f"life-{life}", f"life-{life}", kind, life, count)
            after = dice.randrange(1, max(2, count // (kills + 1)))
            while_sending = bool(life % 2)
            if while_sending:
                killed_while_sending += 1
                service.before_answering = a_killer(driver, after)
            go(driver)
            listen(driver, told, kill_after=None if while_sending else after)
            service.before_answering = lambda: None
            assert driver.returncode == -9
        last = start(database_url, running.url, "last", "last", kind, 99, count)
        go(last)
        listen(last, told)
    assert last.returncode == 0

    keys = {f"key-{number}" for number in range(count)}
    found = {key: await asked(database, key, native=kind == "native", owner="me", alive=living()) for key in keys}
    replayed = {key: one.execution.outcome.decode() for key, one in found.items() if isinstance(one, Replay)}
    unknown = {key for key, one in found.items() if isinstance(one, Unknown)}
    assert unknown | set(replayed) == keys
    # Nothing that was answered is lost, and nobody was told two things.
    assert {key: {outcome} for key, outcome in replayed.items()} == told.outcomes
    assert all(times == 1 for times in service.done.values())
    assert told.unknown == unknown
    if kind == "native":
        assert unknown == set()
        assert set(service.done) == keys
        assert service.requests.total() >= count + killed_while_sending
    else:
        assert all(times == 1 for times in service.requests.values())
        assert set(replayed) <= set(service.requests)
        assert len(unknown) >= killed_while_sending


def a_killer(driver, after):
    """Kills the driver when it has sent its `after`th request, which the service has carried out and not answered."""
    left = [after]

    def strike():
        left[0] -= 1
        if left[0] == 0:
            driver.kill()

    return strike
