"""Who did what: entries that are only ever added, each bound to the one before by its hash.

An entry that was changed, taken out, moved or put in between no longer fits its neighbours, and `walk` finds the
first such place. The chain has no key. So what it cannot show by itself is that the newest entries are gone, or that
somebody wrote it anew from one entry on: for that, keep the hash of an entry elsewhere, and compare.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from jackfield.storage import json_text, rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.journal_errors import CursorInvalid
from jackfield.storage.tables.people import audit

Verdict = Literal["done", "denied"]

TOPIC = "audit"
BEFORE_ALL = bytes(32)
"""What stands in the place of a previous hash in the first entry."""

_FORM = b"jackfield audit 1 "


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One entry.

    Attributes:
        sequence: 1 for the first entry of a tenant, then without gaps.
        at: Microseconds since 1970.
        actor: Id of the user that did it.
        action: Such as `secret.create`.
        details: What else is worth knowing. Never a secret.
        previous: The hash of the entry before.
        hash: SHA-256 of that and of everything else in this entry.
    """

    tenant: str
    sequence: int
    actor: str
    action: str
    resource: str
    resource_id: str
    verdict: Verdict
    details: Mapping[str, Any]
    previous: bytes
    hash: bytes = b""
    at: int = field(default_factory=now_us)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFilters:
    """What entries have to meet; `None` is met by all.

    Attributes:
        since: From then on, in microseconds since 1970.
        until: Before then.
    """

    actor: str | None = None
    action: str | None = None
    resource: str | None = None
    resource_id: str | None = None
    verdict: Verdict | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPage:
    """Some entries, newest first.

    Attributes:
        cursor: Continues after the last one; `None` at the end.
    """

    items: Sequence[AuditEntry]
    cursor: str | None


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How far a walk along the chain has come.

    Attributes:
        sequence: Of the last entry that was looked at; all up to it are in order.
        hash: Its hash.
        broken: What is wrong with the entry after it; empty while nothing is.
        ended: Whether there is nothing more to look at.
    """

    sequence: int = 0
    hash: bytes = BEFORE_ALL
    broken: str = ""
    ended: bool = False


BEGINNING = Walked()
EVERYTHING = AuditFilters()


def append(
    connection: Connection,
    *,
    tenant: str,
    actor: str,
    action: str,
    resource: str,
    resource_id: str,
    verdict: Verdict,
    details: Mapping[str, Any],
) -> AuditEntry:
    """Add an entry, in the transaction of what it tells of.

    Raises:
        TypeError, ValueError: `details` is no JSON.
    """
    # Whoever appends waits here for who came before, so the entry that is last below stays the last. It is the lock
    # of all changes, since with one of its own two processes could each hold one and wait for the other.
    bump(connection, tenant=tenant, topic=TOPIC)
    latest = select(audit.c.sequence, audit.c.hash).where(audit.c.tenant == tenant).order_by(audit.c.sequence.desc())
    last = connection.execute(latest.limit(1)).first()
    entry = AuditEntry(
        tenant=tenant,
        sequence=last.sequence + 1 if last else 1,
        actor=actor,
        action=action,
        resource=resource,
        resource_id=resource_id,
        verdict=verdict,
        details=json_text.read(json_text.write(details)),  # as it will be read again
        previous=last.hash if last else BEFORE_ALL,
    )
    object.__setattr__(entry, "hash", chained(entry))
    rows.add(connection, audit, entry, what="audit entry", name=str(entry.sequence))
    return entry


def chained(entry: AuditEntry) -> bytes:
    """The hash that `entry` must have: of the previous hash, and of all its fields as JSON."""
    names = ("tenant", "sequence", "id", "at", "actor", "action", "resource", "resource_id", "verdict", "details")
    fields = [getattr(entry, name) for name in names]
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(_FORM + entry.previous + text.encode()).digest()


def newest(
    connection: Connection,
    *,
    tenant: str,
    filters: AuditFilters = EVERYTHING,
    limit: int = 50,
    cursor: str | None = None,
) -> AuditPage:
    """The newest entries of a tenant that meet `filters`.

    Raises:
        CursorInvalid: `cursor` is none.
    """
    statement = select(audit).where(*_meets(tenant, filters))
    if cursor is not None:
        statement = statement.where(audit.c.sequence < _read_cursor(cursor))
    found = rows.every(connection, statement.order_by(audit.c.sequence.desc()).limit(limit + 1), AuditEntry)
    items = found[:limit]
    return AuditPage(items=items, cursor=_cursor(items[-1].sequence) if len(found) > limit else None)


def count(connection: Connection, *, tenant: str, filters: AuditFilters = EVERYTHING) -> int:
    """How many entries `newest` would go through. Takes longer the more there are."""
    return connection.execute(select(func.count()).select_from(audit).where(*_meets(tenant, filters))).scalar_one()


def _meets(tenant: str, filters: AuditFilters) -> list[ColumnElement[bool]]:
    equal = [(audit.c[name], getattr(filters, name)) for name in AuditFilters.__slots__ if name in audit.c]
    meets = [audit.c.tenant == tenant, *(column == value for column, value in equal if value is not None)]
    if filters.since is not None:
        meets.append(audit.c.at >= filters.since)
    if filters.until is not None:
        meets.append(audit.c.at < filters.until)
    return meets


def walk(connection: Connection, *, tenant: str, walked: Walked = BEGINNING, limit: int = 1000) -> Walked:
    """Go on along the chain for up to `limit` entries, oldest first, until one does not fit."""
    after = select(audit).where(audit.c.tenant == tenant, audit.c.sequence > walked.sequence)
    found = rows.every(connection, after.order_by(audit.c.sequence).limit(limit), AuditEntry)
    for entry in found:
        if broken := _broken(entry, walked):
            return Walked(sequence=walked.sequence, hash=walked.hash, broken=broken, ended=True)
        walked = Walked(sequence=entry.sequence, hash=entry.hash)
    return Walked(sequence=walked.sequence, hash=walked.hash, ended=len(found) < limit)


def hash_of(connection: Connection, *, tenant: str, sequence: int) -> bytes | None:
    """The hash of one entry, if it is there."""
    found: bytes | None = connection.scalar(
        select(audit.c.hash).where(audit.c.tenant == tenant, audit.c.sequence == sequence)
    )
    return found


def _broken(entry: AuditEntry, before: Walked) -> str:
    if entry.sequence != before.sequence + 1:
        missing = entry.sequence - before.sequence - 1
        return f"it is missing, with {missing - 1} more after it" if missing > 1 else "it is missing"
    if entry.previous != before.hash:
        return "it does not follow the entry before it"
    return "" if chained(entry) == entry.hash else "it was changed"


def _cursor(sequence: int) -> str:
    return base64.urlsafe_b64encode(f"audit:{sequence}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    try:
        kind, _, sequence = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition(":")
        if kind == "audit" and sequence.isascii() and sequence.isdigit() and int(sequence) < 2**63:
            return int(sequence)
    except (binascii.Error, ValueError):
        pass
    raise CursorInvalid(cursor=cursor, of="audit entries")
