"""A server that is killed in the middle of its work, and started again."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from databases import in_a_loop_of_its_own
from jackfield.storage.database import open_database
from jackfield.storage.tables.coordination import process
from server.processes import Place, place
from server.world import At
from servers import Answer, Asked, Service, serve

pytestmark = pytest.mark.slow

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
CALLERS = 8


class Orders:
    """A service that counts what it was asked to do, and lets a test strike before it answers."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.strike_at = 0
        self.strike = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Answer:
        name = asked.path.rpartition("/")[2]
        with self._lock:
            self.made[name] += 1
            if self.made.total() == self.strike_at:
                self.strike.set()
        return Answer(body={"ordered": name})


@dataclass
class Told:
    """What callers were told, by key.

    Attributes:
        ids: Of the executions.
        codes: Of problems, the last one of each key.
        other: What nobody should be told.
    """

    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)


def ask_for_all(at: At, keys: list[str], told: Told) -> None:
    """Every write of `keys`, some at a time, as callers do who do not know which of them happened."""
    waiting: Iterator[str] = iter(keys)
    lock = threading.Lock()

    def caller() -> None:
        while True:
            with lock:
                key = next(waiting, None)
            if key is None:
                return
            try:
                said = at.execute({"command": "write", "params": {"name": key}, "idempotencyKey": key})
            except (OSError, ValueError):  # the server is gone
                return
            with lock:
                hear(said.status, said.json(), key, told)

    callers = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()


def hear(status: int, answer: dict[str, Any], key: str, told: Told) -> None:
    """Note what is answered to one call."""
    if status == 200 and answer["success"]:
        found = answer["metadata"]["executionId"]
        if told.ids.setdefault(key, found) != found:
            told.other.append(f"{key} has two executions")
    elif answer.get("code") in {"unknown-outcome", "in-progress"}:
        told.codes[key] = answer["code"]
    else:
        told.other.append(f"{key}: {status} {answer}")


def forget_the_dead(url: str) -> None:
    """Whoever was killed was last seen long ago."""

    async def work() -> None:
        database = await open_database(url)
        await database.write(lambda connection: connection.execute(update(process).values(seen=0)) and None)
        await database.close()

    in_a_loop_of_its_own(work())


@pytest.fixture
def orders() -> Iterator[tuple[Orders, Service]]:
    """The service that is written to."""
    counting = Orders()
    with serve(counting) as service:
        yield counting, service


def test_killed_under_load_a_server_loses_no_answer_and_repeats_no_write(
    tmp_path: Path, database_url: str, orders: tuple[Orders, Service]
):
    """FEATURES V07 at its worst: what was answered is in the record, the rest is reported, and none happens twice."""
    counting, service = orders
    here: Place = place(
        tmp_path, JACKFIELD_DATABASE_URL=database_url, PROBE_URL=service.url, JACKFIELD_EGRESS_ALLOW=service.address
    )
    keys, kills, told = [f"k{number}" for number in range(int(1000 * SCALE))], max(2, int(10 * SCALE)), Told()
    dice = random.Random(7)
    for _ in range(kills):
        counting.strike.clear()
        counting.strike_at = counting.made.total() + dice.randrange(2, max(3, len(keys) // (kills + 1)))
        with here.running() as server:

            def kill(popen=server.popen) -> None:
                counting.strike.wait()
                popen.kill()

            killer = threading.Thread(target=kill)
            killer.start()
            ask_for_all(server.at, keys, told)
            counting.strike.set()
            killer.join()
        forget_the_dead(database_url)
    with here.running() as server:
        ask_for_all(server.at, keys, told)
        unknown = {key for key, code in told.codes.items() if key not in told.ids}
        kept = {key: server.at.ask("GET", f"/api/executions/{found}").json() for key, found in told.ids.items()}

    assert told.other == []
    assert set(counting.made.values()) == {1}  # none twice
    assert set(told.ids) | unknown == set(keys)
    assert {told.codes[key] for key in unknown} <= {"unknown-outcome"}
    assert {each["status"] for each in kept.values()} == {"COMPLETED"}
    assert all(each["outcome"]["payload"] == {"ordered": key} for key, each in kept.items())
    assert set(told.ids) <= set(counting.made)
    assert len(unknown) <= kills * CALLERS
