"""Who did what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.manage.audit import Entry, Verification
from jackfield.manage.listing import MAX_PAGE_SIZE
from jackfield.manage.listing import Query as ListQuery
from jackfield.manage.views import read_moment, to_json
from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked, between
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.where import Filter, one_of, search_of, searched_document

router = APIRouter(tags=["Audit"])

Verified = Shown(view=Verification, name="Verification", more={"intact": {"type": "boolean"}})

VERDICTS = ("done", "denied")
FILTERS = (
    *(
        Filter(field=field, operator="eq", argument=argument)
        for field, argument in (
            ("actor", "actor"),
            ("action", "action"),
            ("resource", "resource"),
            ("resourceId", "resource_id"),
        )
    ),
    Filter(field="verdict", operator="eq", argument="verdict", read=one_of(VERDICTS, spelt=str.lower)),
    Filter(field="at", operator="gte", argument="since", read=read_moment),
    Filter(field="at", operator="lt", argument="until", read=read_moment),
)
WHERE = (
    "`field:op:value`, with `eq` for `actor`, `action`, `resource`, `resourceId` and `verdict`, and with `gte` and "
    "`lt` for `at`. May be there several times; all have to be met."
)


class AuditAsked(Asked):
    """Which entries."""

    where: list[str] = Field(default=[], description=WHERE)
    actor: str | None = Field(default=None, description="By this user: name or id.")
    action: str | None = Field(default=None, description="Of this kind, such as `secret.delete`.")
    resource: str | None = Field(default=None, description="About such things: `secret`, `user`, `connector`.")
    resource_id: str | None = Field(default=None, description="About this thing.")
    verdict: str | None = Field(
        default=None, description="What was done, or what was refused.", json_schema_extra={"enum": [*VERDICTS, None]}
    )
    since: str | None = Field(default=None, description="From then on.", json_schema_extra={"format": "date-time"})
    until: str | None = Field(default=None, description="Before then.", json_schema_extra={"format": "date-time"})
    page_size: int | None = Field(
        default=None, description="50 unless given.", json_schema_extra={**between(1, MAX_PAGE_SIZE)}
    )
    limit: int | None = Field(
        default=None, description="Instead of `pageSize`.", json_schema_extra={**between(1, MAX_PAGE_SIZE)}
    )
    cursor: str | None = Field(default=None, description="Go on after a page: its `nextCursor`.")
    total: bool = Field(default=True, description="Count them all, which takes longer the more there are.")


class AnchorAsked(Asked):
    """What to compare with."""

    anchor: str = Field(default="", description="Of an earlier verification.")


@offered(router, "GET", "/api/audit", answers=Page(item=Shown(view=Entry, name="AuditEntry"), cursor=True))
async def list_audit_entries(caller: Caller, manage: Manage, asked: Annotated[AuditAsked, Query()]) -> Response:
    """List what was done and what was refused, the newest first. Takes an administrator."""
    query = ListQuery(where=asked.where, page_size=asked.page_size, limit=asked.limit)
    given = {each.argument: getattr(asked, each.argument) for each in FILTERS}
    wanted = search_of(FILTERS, query, given=given, order="-at", cursor=asked.cursor)
    found = await manage.audit.list(
        caller, **wanted.filters, limit=wanted.window.limit, cursor=asked.cursor, total=asked.total
    )
    items = [to_json(entry) for entry in found.items]
    return answer(searched_document(items, wanted, total=found.total, cursor=asked.cursor, after=found.cursor))


@offered(router, "GET", "/api/audit/verify", answers=Verified)
async def verify_audit_log(caller: Caller, manage: Manage, asked: Annotated[AnchorAsked, Query()]) -> Response:
    """Walk along the whole audit log, and name the first entry that is not as it was written.

    Keep the `anchor` elsewhere, and give it to a later verification: it shows whether entries are gone since. Takes an
    administrator.
    """
    found = await manage.audit.verify(caller, anchor=asked.anchor)
    return answer(to_json(found) | {"intact": found.intact})
