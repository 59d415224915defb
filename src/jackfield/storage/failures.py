"""Drivers' exceptions: what they mean, and which domain error says it.

Texts of drivers hold values of rows (PostgreSQL's `DETAIL`), so only names of constraints and codes are passed on.
"""

from __future__ import annotations

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jackfield.errors import JackfieldError
from jackfield.storage.errors import (
    ConstraintFailed,
    DatabaseBusy,
    DatabaseReadOnly,
    DatabaseUnavailable,
    DiskFull,
    StorageFailed,
    UnstorableValue,
)

Cause = Literal["row", "busy", "lost", "place"]
"""`row`: this statement alone is at fault. `busy`: the same can succeed at once. `lost`: the connection is gone.
`place`: the disk, the file or the server is at fault, whoever asks."""

_SQLITE: dict[int, Cause] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    **dict.fromkeys(
        (
            sqlite3.SQLITE_NOMEM,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_INTERRUPT,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_NOTADB,
        ),
        "place",
    ),
}
# A file that cannot grow by quota or RLIMIT_FSIZE is an I/O error to SQLite; so is a WAL index that found no room.
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_RETRY_STATES = {"40001", "40P01", "55P03"}
_LOST_CLASSES = ("08", "57P")
_PLACE_CLASSES = ("53", "58", "28", "3D", "25006", "55000", "XX")  # 55000: the database takes no connections now


def cause(error: BaseException) -> Cause:
    """What `error`, which came out of a transaction, says about the transaction."""
    if isinstance(error, DatabaseUnavailable):
        return "place"
    if isinstance(error, OSError):  # asyncpg passes on what the socket says
        return "lost"
    raised = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(raised, sqlite3.Error):
        return _SQLITE.get(getattr(raised, "sqlite_errorcode", 0) & 0xFF, "row")
    if not isinstance(error, DBAPIError):
        return "row"
    return "lost" if error.connection_invalidated else _cause_of_state(_state(error))


def translated(  # noqa: PLR0911 - a table in code
    error: Exception, *, place: str, maybe_written: bool = False
) -> Exception:
    """The domain error that says what `error` says; an error of our own or of a closure as it is."""
    if isinstance(error, OSError):
        return DatabaseUnavailable(place=place, reason=_words(error), maybe_written=maybe_written)
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(place=place, reason="all of its connections stayed in use")
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error, place=place)
    if not isinstance(error, StatementError):
        return error
    if not isinstance(error, DBAPIError):
        return UnstorableValue(reason=type(error.orig or error).__name__)
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(error.orig, place=place)
    return _from_postgresql(error, place=place, maybe_written=maybe_written)


def _cause_of_state(state: str) -> Cause:
    if state in _RETRY_STATES:
        return "busy"
    if state.startswith(_LOST_CLASSES):
        return "lost"
    return "place" if state.startswith(_PLACE_CLASSES) else "row"


def _from_sqlite(error: sqlite3.Error, *, place: str) -> JackfieldError:  # noqa: PLR0911 - a table in code
    code, name = getattr(error, "sqlite_errorcode", 0), getattr(error, "sqlite_errorname", type(error).__name__)
    primary = code & 0xFF
    if code in _NO_ROOM:
        return DiskFull(place=place)
    if primary == sqlite3.SQLITE_READONLY:
        return DatabaseReadOnly(place=place)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseBusy(place=place)
    if primary in _BROKEN:
        hint = "restore it from a backup, or name another file; nothing was changed in this one"
        return DatabaseUnavailable(place=place, reason=f"the file is damaged or no database ({name})", hint=hint)
    if primary in _SQLITE:
        hint = "check that the file and its folder exist, and that this user may read and write both"
        return DatabaseUnavailable(place=place, reason=f"{error} ({name})", hint=hint)
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return ConstraintFailed(constraint=str(error).rpartition(": ")[2])
    if primary in {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH} or isinstance(error, sqlite3.DataError):
        return UnstorableValue(reason=name)
    return StorageFailed(reason=f"{error} ({name})")


def _from_postgresql(  # noqa: PLR0911 - a table in code
    error: DBAPIError, *, place: str, maybe_written: bool
) -> JackfieldError:
    state, meaning = _state(error), cause(error)
    if state.startswith("23"):
        driver = getattr(error.orig, "__cause__", None)
        return ConstraintFailed(constraint=getattr(driver, "constraint_name", None) or state)
    if state.startswith("22") or isinstance(getattr(error.orig, "__cause__", None), ValueError):
        return UnstorableValue(reason=state or "the driver cannot encode it")
    if state == "53100":
        return DiskFull(place=place)
    if state == "25006":
        return DatabaseReadOnly(place=place)
    if meaning == "busy":
        return DatabaseBusy(place=place)
    if meaning in {"lost", "place"}:
        return DatabaseUnavailable(place=place, reason=_words(error.orig), maybe_written=maybe_written)
    return StorageFailed(reason=f"{type(getattr(error.orig, '__cause__', None)).__name__} ({state or 'no code'})")


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _words(error: BaseException | None) -> str:
    """The first line of what a server or socket said; it is about the connection, so it holds no row."""
    inner = error.__cause__ if error is not None and error.__cause__ is not None else error
    return (str(inner).strip().splitlines() or [type(inner).__name__])[0]
