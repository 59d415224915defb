"""A process that does keyed writes: claim, send, settle, answer. Tests start several of it, and kill it.

    python journal_driver.py DATABASE SERVICE OWNER ALIVE native|plain SEED COUNT

It says `ready`, waits for a line, then asks for the keys from 0 to COUNT in an order of its own, eight at a time, and
says of each what a caller would be told: `answered KEY OUTCOME`, `replayed KEY OUTCOME`, `unknown KEY` or `busy KEY
OWNER`.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import urllib.request
from collections.abc import Iterator

from jackfield.storage.clock import now_us
from jackfield.storage.database import Database, open_database
from jackfield.storage.ids import new_id
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_claim import InProgress, KeyReused, Replay, Unknown, claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_settle import Ending, settle


def say(*words: str) -> None:
    """One line in one write: what was said is said, even if the next instruction never runs."""
    os.write(1, (" ".join(words) + "\n").encode())


def post(service: str, key: str) -> bytes:
    """Send the write."""
    request = urllib.request.Request(f"{service}/{key}", data=b"{}", headers={"Idempotency-Key": key})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


async def one(db: Database, service: str, key: str, *, owner: str, alive: set[str], native: bool) -> None:
    """One write as dispatch does it."""
    now = now_us()
    effect = Effect(scope="scope", key=key, params_hash=b"hash", native=native, owner=owner, claimed=now)
    execution = ExecutionRow(
        id=new_id(),
        tenant="default",
        connector="service",
        command="write",
        version="1.0.0",
        model="http",
        caller="ann",
        trigger="api",
        status="RUNNING",
        started=now,
        params=key.encode(),
    )
    found = await claim(db, effect, execution, alive=lambda _: alive)
    match found:
        case Replay():
            say("replayed", key, (found.execution.outcome or b"").decode())
        case Unknown():
            say("unknown", key)
        case InProgress():
            say("busy", key, found.owner)
        case KeyReused():
            raise AssertionError(key)
        case _:
            outcome = await asyncio.to_thread(post, service, key)
            await settle(db, found, Ending(status="COMPLETED", ended=now_us(), outcome=outcome))
            say("answered", key, outcome.decode())


async def main(url: str, service: str, owner: str, alive: str, kind: str, seed: str, count: str) -> None:
    db = await open_database(url)
    keys = [f"key-{number}" for number in range(int(count))]
    random.Random(int(seed)).shuffle(keys)
    waiting = iter(keys)

    async def caller(keys: Iterator[str]) -> None:
        for key in keys:
            await one(db, service, key, owner=owner, alive=set(alive.split(",")), native=kind == "native")

    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.gather(*[caller(waiting) for _ in range(8)])
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
