"""What can go wrong with the database, in words that its owner can act on."""

from __future__ import annotations

from typing import Any

from jackfield.errors import JackfieldError


class DatabaseUnavailable(JackfieldError):
    """The database cannot be used."""

    code = "database-unavailable"
    status = 503
    retry = "later"

    def __init__(self, *, place: str, reason: str, hint: str = "", maybe_written: bool = False) -> None:
        details: dict[str, Any] = {"maybe_written": True} if maybe_written else {}
        super().__init__(
            f"database `{place}` cannot be used: {reason}",
            hint=hint or f"`jackfield doctor` tries to reach `{place}` and says what it meets",
            place=place,
            reason=reason,
            **details,
        )


class DatabaseBusy(JackfieldError):
    """Somebody else kept the database locked for too long."""

    code = "database-busy"
    status = 503
    retry = "later"

    def __init__(self, *, place: str) -> None:
        super().__init__(
            f"database `{place}` stayed locked by another program",
            hint="try again; if it lasts, close the program that has it open in a long transaction",
            place=place,
        )


class DatabaseReadOnly(JackfieldError):
    """The database can be read but not written."""

    code = "database-read-only"
    status = 503
    retry = "after_fix"

    def __init__(self, *, place: str) -> None:
        super().__init__(
            f"database `{place}` is read-only here",
            hint="let the user that runs Jackfield write to it; a file's folder must be writable too",
            place=place,
        )


class DiskFull(JackfieldError):
    """The database cannot grow."""

    code = "disk-full"
    status = 507
    retry = "after_fix"

    def __init__(self, *, place: str) -> None:
        super().__init__(
            f"database `{place}` cannot grow: disk, quota or file size limit is used up",
            hint="free some space there, or raise the limit; nothing of this call was kept",
            place=place,
        )


class Overloaded(JackfieldError):
    """More is waiting to be written than the database keeps up with."""

    code = "overloaded"
    status = 503
    retry = "later"

    def __init__(self, *, waiting: int, retry_after_s: float = 1.0) -> None:
        super().__init__(
            f"`{waiting}` writes are waiting for the database, so this one was not taken",
            hint=f"try again in {retry_after_s:g} s",
            waiting=waiting,
            retry_after_s=retry_after_s,
        )


class RevisionConflict(JackfieldError):
    """Somebody else changed or deleted it since it was read."""

    code = "revision-conflict"
    status = 409
    retry = "after_fix"

    def __init__(self, *, what: str, name: str, expected: int) -> None:
        super().__init__(
            f"{what} `{name}` is no longer at revision `{expected}`",
            hint="read it again, and repeat the change on what is there now",
            what=what,
            name=name,
            expected=expected,
        )


class AlreadyExists(JackfieldError):
    """There is one of that name already."""

    code = "already-exists"
    status = 409
    retry = "after_fix"

    def __init__(self, *, what: str, name: str) -> None:
        super().__init__(
            f"{what} `{name}` exists already",
            hint="choose another name, or change the one that is there",
            what=what,
            name=name,
        )


class ConstraintFailed(JackfieldError):
    """A row contradicts what is there already."""

    code = "constraint-failed"
    status = 409
    retry = "after_fix"

    def __init__(self, *, constraint: str) -> None:
        super().__init__(
            f"the database refused a row because of `{constraint}`",
            hint="it exists already, or what it refers to does not: read both again",
            constraint=constraint,
        )


class UnstorableValue(JackfieldError):
    """A value has a form that the database cannot keep."""

    code = "unstorable-value"
    status = 422
    retry = "after_fix"

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"a value cannot be stored: {reason}",
            hint="leave out NUL characters, lone surrogates, NaN, and integers beyond 64 bits",
            reason=reason,
        )


class StorageFailed(JackfieldError):
    """The database answered a statement with an error that Jackfield did not expect."""

    code = "storage-failed"
    status = 500
    retry = "never"

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the database refused a statement: {reason}",
            hint="this is a fault of Jackfield: please report it with the log around it",
            reason=reason,
        )


class SchemaTooNew(JackfieldError):
    """The database was last used by a newer Jackfield."""

    code = "schema-too-new"
    status = 503
    retry = "after_fix"

    def __init__(self, *, place: str, found: str, known: str) -> None:
        super().__init__(
            f"database `{place}` has schema `{found}`, and this Jackfield knows up to `{known}`",
            hint="install the Jackfield that wrote it, or a newer one",
            place=place,
            found=found,
            known=known,
        )
