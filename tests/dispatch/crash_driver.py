"""A process that makes calls through the runtime. Tests kill it, and start it again.

    python crash_driver.py mixed|keyed|unkeyed SERVICE SEED COUNT

The environment says where it keeps what happens. It says `ready`, waits for a line, then makes COUNT calls in an order
of its own, 16 at a time, and says of each what its caller was told, after it was told: `answered NAME ID DIGEST`,
`replayed NAME ID DIGEST`, `unknown NAME ID` or `refused NAME CODE`. DIGEST is of the very bytes that were answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import sys
from collections.abc import Iterator
from typing import Any

from jackfield import Bearer, Connector, Context, JackfieldError, Outcome, Secret, command, field, succeed
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.settings import from_environment

CALLERS = 16
TOKEN = "token-that-orders-0123456789"
STORED, DECLARED = "stored-desk", "declared-desk"


class CrashDesk(Connector, name="crash-desk"):
    """Orders things."""

    base_url: str = field("Address.")
    token: Secret = field("Token.")

    @command
    async def order(self, ctx: Context, name: str) -> Outcome:
        """Order one thing."""
        answer = await ctx.http.post(f"{self.base_url}/orders/{name}", json={}, auth=Bearer(self.token))
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def read(self, ctx: Context, name: str) -> Outcome:
        """Read one thing."""
        answer = await ctx.http.get(f"{self.base_url}/things/{name}", auth=Bearer(self.token))
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def greet(self, name: str, password: Secret) -> Outcome:
        """Ask nobody."""
        return succeed({"name": name, "told": password.reveal()})


def declared(service: str) -> dict[str, Any]:
    """The same orders, declared, and configured by the program: it has no row in the database."""
    return {
        "name": DECLARED,
        "baseUrl": service,
        "connectionConfig": {"token": {"type": "secret", "required": True}},
        "auth": {"type": "bearer", "field": "token"},
        "operations": [{"name": "order", "method": "POST", "path": "/orders/{name}"}],
        "config": {"token": {"secret": "DESK_TOKEN"}},
    }


def keyed(name: str) -> Call:
    """A write with a key: every other one of a connector that is stored."""
    target = STORED if int(name.rpartition("-")[2]) % 2 else DECLARED
    options = CallOptions(idempotency_key=name)
    return Call(principal=LOCAL, target=target, command="order", params={"name": name}, options=options)


def unkeyed(name: str) -> Call:
    """The same without a key."""
    target = STORED if int(name.rpartition("-")[2]) % 2 else DECLARED
    return Call(principal=LOCAL, target=target, command="order", params={"name": name})


def mixed(name: str) -> Call:
    """Whatever: reads, writes with keys and without, and calls that ask nobody."""
    number = int(name.rpartition("-")[2])
    if number % 4 == 0:
        params = {"name": name, "password": TOKEN}
        return Call(principal=LOCAL, target=STORED, command="greet", params=params)
    if number % 4 == 1:
        return Call(principal=LOCAL, target=STORED, command="read", params={"name": name})
    return keyed(name) if number % 4 == 2 else unkeyed(name)


WORK = {"mixed": mixed, "keyed": keyed, "unkeyed": unkeyed}


def say(*words: str) -> None:
    """One line in one write: what was said is said, even if the next instruction never runs."""
    os.write(1, (" ".join(words) + "\n").encode())


async def one(runtime: Embedded, name: str, call: Call) -> None:
    """One call, and what its caller is told."""
    try:
        told = await runtime.carry_out(call)
    except JackfieldError as error:
        if error.code == "unknown-outcome":
            say("unknown", name, error.details["execution_id"])
        else:
            say("refused", name, error.code)
        return
    what = "replayed" if told.outcome.metadata.get("replayed") else "answered"
    if not told.outcome.success:
        say("failed", name, told.execution_id, str(told.outcome.code))
    else:
        say(what, name, told.execution_id, hashlib.sha256(told.body).hexdigest())


async def main(work: str, service: str, seed: str, count: str) -> None:
    runtime = Embedded(from_environment(), types=[CrashDesk], secrets={"DESK_TOKEN": TOKEN})
    await runtime.add(declared(service))
    await runtime.open()
    prefix = f"{work}-{seed}" if work == "mixed" else work
    names = [f"{prefix}-{number}" for number in range(int(count))]
    random.Random(int(seed)).shuffle(names)
    waiting = iter(names)

    async def caller(names: Iterator[str]) -> None:
        for name in names:
            await one(runtime, name, WORK[work](name))

    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.gather(*[caller(waiting) for _ in range(CALLERS)])
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
