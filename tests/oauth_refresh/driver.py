"""A program that uses Jackfield: it makes calls when it is told to, all at once.

    python driver.py CONNECTOR

It says `ready`. For each line with a number it makes so many calls, and prints as JSON how many were told what.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from jackfield import JackfieldError
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call
from jackfield.settings import from_environment


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def one(runtime: Embedded, call: Call) -> str:
    """What the caller of one call is told."""
    try:
        outcome = await runtime.run(call)
    except JackfieldError as error:
        return error.code
    return "ok" if outcome.success else str(outcome.code)


async def main(connector: str) -> None:
    """Call until the input ends."""
    runtime = Embedded(from_environment(), types=[])
    await runtime.open()
    call = Call(principal=LOCAL, target=connector, command="me")
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        told = await asyncio.gather(*(one(runtime, call) for _ in range(int(line))))
        say(json.dumps(Counter(told)))
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
