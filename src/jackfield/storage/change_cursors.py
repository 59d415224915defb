"""Places in the order in which executions were committed: after which nothing has been missed.

Neither ids nor times have that order: a call that began first may be committed last. SQLite has one writer at a time,
and `rowid` is the order in which it wrote. On PostgreSQL transactions end in any order, so that a place is a snapshot:
the transactions that were over when it was taken.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import astuple, dataclass
from typing import TypeAlias

import orjson

from jackfield.storage.journal_errors import CursorInvalid

MAX_CHARACTERS = 20_000
"""A snapshot names at most every connection of its server."""

_MOST = 2**63 - 1
_SNAPSHOT = re.compile(r"(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19})?")


@dataclass(frozen=True)
class FilePlace:
    """In a SQLite file.

    Attributes:
        rowid: Of the last change that was seen.
        id: Of its execution: the same file, with the same numbers, has it there or behind.
    """

    rowid: int
    id: str


@dataclass(frozen=True)
class ServerPlace:
    """On a PostgreSQL server.

    Attributes:
        seen: A snapshot; everything in it was seen.
        until: A later one, of which what comes up to `changed_in` and `id` was seen; empty where none was begun.
    """

    seen: str
    until: str = ""
    changed_in: int = 0
    id: str = ""


@dataclass(frozen=True)
class MemoryPlace:
    """In a process that keeps nothing.

    Attributes:
        process: Which one.
        number: Of the last change that was seen.
    """

    process: str
    number: int


Place: TypeAlias = FilePlace | ServerPlace | MemoryPlace

_KINDS: dict[str, type[Place]] = {"f": FilePlace, "s": ServerPlace, "m": MemoryPlace}


def write_place(place: Place) -> str:
    """A place as text, for those who come back later."""
    kind = next(letter for letter, each in _KINDS.items() if isinstance(place, each))
    return base64.urlsafe_b64encode(orjson.dumps([kind, *astuple(place)])).decode().rstrip("=")


def read_place(text: str) -> Place:
    """The place that `write_place` has written.

    Raises:
        CursorInvalid: It is none.
    """
    try:
        if len(text) <= MAX_CHARACTERS:
            padded = text + "=" * (-len(text) % 4)
            kind, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            place = _KINDS[kind](*values)
            if _is_sound(place):
                return place
    except (binascii.Error, ValueError, TypeError, KeyError):
        pass
    hint = "pass on the `id` of an event as it was told, or leave it out to begin now"
    raise CursorInvalid(cursor=text[:200], of="changes of executions", hint=hint)


def _is_sound(place: Place) -> bool:
    """Whether a stranger's place has the types it should, and nothing that a database would refuse."""
    for value, kind in zip(astuple(place), map(type, astuple(_SAMPLES[type(place)])), strict=True):
        if type(value) is not kind or (isinstance(value, int) and not 0 <= value <= _MOST):
            return False
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            return False
    if isinstance(place, ServerPlace):
        return is_snapshot(place.seen) and (not place.until or is_snapshot(place.until))
    return True


_SAMPLES: dict[type[Place], Place] = {
    FilePlace: FilePlace(0, ""),
    ServerPlace: ServerPlace(""),
    MemoryPlace: MemoryPlace("", 0),
}


def is_snapshot(text: str) -> bool:
    """Whether PostgreSQL would take `text` for a `pg_snapshot`."""
    found = _SNAPSHOT.fullmatch(text)
    if not found:
        return False
    oldest, next_one = int(found[1]), int(found[2])
    running = [int(part) for part in found[3].split(",")] if found[3] else []
    ordered = [oldest, *running] == sorted([oldest, *running]) and len(set(running)) == len(running)
    return 0 < oldest <= next_one <= _MOST and ordered and all(each < next_one for each in running)


def next_transaction(snapshot: str) -> int:
    """The first transaction that had not begun when `snapshot` was taken."""
    return int(snapshot.split(":", 2)[1])


def oldest_running(snapshot: str) -> int:
    """The first transaction that was not over when `snapshot` was taken."""
    return int(snapshot.partition(":")[0])
