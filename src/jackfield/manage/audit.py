"""Reading the audit log, and checking that nobody has touched it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.manage.audit_views import MAX_PAGE, Entry, Page, Verification
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.errors import AnchorInvalid
from jackfield.storage import audit, users
from jackfield.storage.audit import BEGINNING, AuditEntry, AuditFilters, AuditPage, Verdict, Walked
from jackfield.storage.database import Database

__all__ = ["AuditLog", "Entry", "Page", "Verification"]


class AuditLog:
    """The audit log of a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self,
        principal: Principal,
        *,
        actor: str | None = None,
        action: str | None = None,
        resource: str | None = None,
        resource_id: str | None = None,
        verdict: Verdict | None = None,
        since: int | None = None,
        until: int | None = None,
        limit: int = 50,
        cursor: str | None = None,
        total: bool = False,
    ) -> Page:
        """The newest entries that meet all that is given.

        Args:
            actor: Id or name of a user.
            since, until: From then on, and before then, in microseconds since 1970.
            limit: Entries of a page, 1 to 1,000.
            total: Count them all, which takes longer the more there are.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `read`.
            CursorInvalid: `cursor` is none.
        """
        filters = AuditFilters(
            actor=actor,
            action=action,
            resource=resource,
            resource_id=resource_id,
            verdict=verdict,
            since=since,
            until=until,
        )
        tenant, limit = principal.tenant, max(1, min(limit, MAX_PAGE))

        def work(connection: Connection) -> Page:
            wanted = _with_actor_id(connection, tenant, filters)
            found = audit.newest(connection, tenant=tenant, filters=wanted, limit=limit, cursor=cursor)
            counted = audit.count(connection, tenant=tenant, filters=wanted) if total else None
            return _page(found, users.names(connection, tenant=tenant), counted)

        async with recording_denials(
            self._database, principal, action="audit.list", resource="audit", resource_id="log"
        ):
            require_admin(principal, "read", to="see the audit log")
        return await self._database.read(work)

    async def verify(self, principal: Principal, *, anchor: str = "") -> Verification:
        """Walk along the whole log, and name the first entry that is not as it was written.

        The log by itself does not show that its newest entries were deleted, nor that somebody who can write to the
        database made all anew from one entry on. Both show when a hash from before is given.

        Args:
            anchor: Of an earlier verification, to compare with.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `read`.
            AnchorInvalid: `anchor` is none.
        """
        async with recording_denials(
            self._database, principal, action="audit.verify", resource="audit", resource_id="log"
        ):
            require_admin(principal, "read", to="verify the audit log")
        sequence, digest = _read_anchor(anchor) if anchor else (0, b"")
        walked = BEGINNING
        while not walked.ended:
            walked = await self._database.read(_step(principal.tenant, walked))
        if sequence and not (walked.broken and walked.sequence < sequence):
            kept = await self._database.read(
                lambda connection: audit.hash_of(connection, tenant=principal.tenant, sequence=sequence)
            )
            if kept != digest:
                problem = "it is not the one that was there before" if kept else "it was there before, and is gone"
                return _verification(
                    Walked(sequence=walked.sequence, hash=walked.hash), broken=sequence, problem=problem
                )
        broken = walked.sequence + 1 if walked.broken else None
        return _verification(walked, broken=broken, problem=walked.broken)


def _step(tenant: str, walked: Walked) -> Any:
    return lambda connection: audit.walk(connection, tenant=tenant, walked=walked)


def _verification(walked: Walked, *, broken: int | None, problem: str) -> Verification:
    anchor = f"{walked.sequence}:{walked.hash.hex()}"
    return Verification(entries=walked.sequence, broken=broken, problem=problem, anchor=anchor)


def _read_anchor(anchor: str) -> tuple[int, bytes]:
    number, _, digest = anchor.strip().partition(":")
    try:
        if number.isascii() and number.isdigit() and len(number) < 19 and len(found := bytes.fromhex(digest)) == 32:
            return int(number), found
    except ValueError:
        pass
    raise AnchorInvalid(anchor=anchor)


def _with_actor_id(connection: Connection, tenant: str, filters: AuditFilters) -> AuditFilters:
    user = filters.actor and users.find(connection, tenant=tenant, name=filters.actor)
    return replace(filters, actor=user.id) if user else filters


def _page(found: AuditPage, names: Mapping[str, str], total: int | None) -> Page:
    return Page(items=[_entry(entry, names) for entry in found.items], cursor=found.cursor, total=total)


def _entry(entry: AuditEntry, names: Mapping[str, str]) -> Entry:
    return Entry(
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor,
        actor_name=names.get(entry.actor, entry.actor),
        action=entry.action,
        resource=entry.resource,
        resource_id=entry.resource_id,
        verdict=entry.verdict,
        details=entry.details,
    )
