"""The audit log of a server."""

from __future__ import annotations

from jackfield.access.principal import Principal
from jackfield.manage.audit_views import MAX_PAGE, Entry, Page, Verdict, Verification
from jackfield.surfaces.sdk.remote.asking import PAGE, Asking, given, instant

VERIFY_S = 600.0
"""Seconds for a walk along the whole log."""


class RemoteAuditLog(Asking):
    """As `manage.audit.AuditLog`."""

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
        """See `manage.audit.AuditLog.list`. A server gives 200 at once."""
        query = given(
            actor=actor,
            action=action,
            resource=resource,
            resourceId=resource_id,
            verdict=verdict,
            total=total,
            since=instant(since),
            until=instant(until),
        )
        wanted, found = max(1, min(limit, MAX_PAGE)), list[Entry]()
        while True:
            size = min(wanted - len(found), PAGE)
            asked = [*query, ("limit", str(size)), *given(cursor=cursor)]
            document = await self.wire.ask("GET", "/api/audit", query=asked)
            found += self.items(Entry, document)
            cursor = document.get("nextCursor")
            if cursor is None or len(found) >= wanted:
                return Page(items=found, cursor=cursor, total=document.get("total") if total else None)

    async def verify(self, principal: Principal, *, anchor: str = "") -> Verification:
        """See `manage.audit.AuditLog.verify`."""
        query = given(anchor=anchor or None)
        document = await self.wire.ask("GET", "/api/audit/verify", query=query, timeout_s=VERIFY_S)
        return self.read(Verification, document)
