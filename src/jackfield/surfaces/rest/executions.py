"""Lists of executions, as they are asked for: what `/api/executions` and `/executions` share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import Field

from jackfield.access.principal import Principal
from jackfield.dispatch.call import Trigger
from jackfield.manage.execution_views import STATUSES, ExecutionPage
from jackfield.manage.listing import Query
from jackfield.manage.resources import Resources
from jackfield.manage.views import read_moment
from jackfield.surfaces.rest.lists import Asked, ListAsked
from jackfield.surfaces.rest.where import Filter, Searched, one_of, search_of

TRIGGERS: tuple[str, ...] = get_args(Trigger)

FILTERS = (
    *(
        Filter(field=field, operator="eq", argument=argument)
        for field, argument in (
            ("connector", "connector"),
            ("command", "command"),
            ("caller", "caller"),
            ("runId", "run_id"),
            ("chatId", "chat_id"),
            ("toolCallId", "tool_call_id"),
        )
    ),
    Filter(field="trigger", operator="eq", argument="trigger", read=one_of(TRIGGERS, spelt=str.lower)),
    Filter(field="status", operator="eq", argument="status", read=one_of(STATUSES, spelt=str.upper)),
    Filter(field="started", operator="gte", argument="since", read=read_moment),
    Filter(field="started", operator="lt", argument="until", read=read_moment),
)

WHERE = (
    "`field:op:value`, with `eq` for `connector`, `command`, `trigger`, `status`, `caller`, `runId`, `chatId` and "
    "`toolCallId`, and with `gte` and `lt` for `started`. May be there several times; all have to be met."
)
_TIME = {"format": "date-time"}


class Narrowed(Asked):
    """Which executions, by what they have in common."""

    where: list[str] = Field(default=[], description=WHERE)
    connector: str | None = Field(default=None, description="`namespace/name`, or a name in any namespace.")
    command: str | None = Field(default=None, description="Of this command only.")
    trigger: str | None = Field(default=None, description="Started so.", json_schema_extra={"enum": [*TRIGGERS, None]})
    status: str | None = Field(default=None, description="Ended so.", json_schema_extra={"enum": [*STATUSES, None]})
    caller: str | None = Field(default=None, description="By the user with this id.")
    run_id: str | None = Field(default=None, description="Steps of this run.")
    chat_id: str | None = Field(default=None, description="On behalf of this chat.")
    tool_call_id: str | None = Field(default=None, description="On behalf of this call of a tool.")


class ExecutionsAsked(Narrowed, ListAsked):
    """Which executions. Those that run longest are not the first: the newest are."""

    where: list[str] = Field(default=[], description=WHERE)
    sort: str = Field(default="", description="The only order is `-started`, the newest first.")
    since: str | None = Field(default=None, description="Started then or later.", json_schema_extra={**_TIME})
    until: str | None = Field(default=None, description="Started before then.", json_schema_extra={**_TIME})
    cursor: str | None = Field(default=None, description="Go on after a page: its `nextCursor`.")
    total: bool = Field(default=True, description="Count them all, which takes longer the more there are.")


class ExecutionsFollowed(Narrowed):
    """Which executions are told as they happen."""

    after: str | None = Field(default=None, description="Go on after an event: its `id`. `Last-Event-ID` wins.")


def filters_of(asked: ExecutionsFollowed) -> Mapping[str, Any]:
    """The filters that were asked for.

    Raises:
        InvalidQuery: There is none such.
    """
    given = {
        each.argument: getattr(asked, each.argument) for each in FILTERS if each.argument not in {"since", "until"}
    }
    return search_of(FILTERS, Query(where=asked.where), given=given, order="", cursor=None).filters


async def search(
    manage: Resources, caller: Principal, asked: ExecutionsAsked, *, trigger: str | None
) -> tuple[Searched, ExecutionPage]:
    """What was asked for, and the executions that were found.

    Args:
        trigger: The query parameter, which the two routes name differently.

    Raises:
        InvalidQuery: It cannot be answered.
    """
    given = {each.argument: getattr(asked, each.argument) for each in FILTERS} | {"trigger": trigger}
    wanted = search_of(FILTERS, asked.query(), given=given, order="-started", cursor=asked.cursor)
    found = await manage.executions.list(
        caller,
        **wanted.filters,
        limit=wanted.window.limit,
        offset=0 if asked.cursor else wanted.window.offset,
        cursor=asked.cursor,
        total=asked.total,
    )
    return wanted, found
