"""Finding executions: newest first, page by page, and what an execution called in turn."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text, tuple_

from jackfield.storage.database import Database
from jackfield.storage.journal import COLUMNS, ExecutionRow, execution_row
from jackfield.storage.journal_errors import CursorInvalid
from jackfield.storage.status import Status
from jackfield.storage.tables.journal import OPEN
from jackfield.storage.tables.journal import execution as executions

_OPEN_STATUSES: frozenset[Status] = frozenset({"PENDING", "RUNNING", "AWAITING_INPUT"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What executions have to meet; `None` is met by all.

    Attributes:
        since: Started then or later, in microseconds since 1970.
        until: Started before then.
    """

    caller: str | None = None
    namespace: str | None = None
    connector: str | None = None
    command: str | None = None
    trigger: str | None = None
    status: Status | None = None
    run_id: str | None = None
    chat_id: str | None = None
    tool_call_id: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some executions, newest first.

    Attributes:
        cursor: Continues after the last one, whatever has been added meanwhile; `None` at the end.
    """

    items: Sequence[ExecutionRow]
    cursor: str | None


EVERYTHING = Filters()

_EQUAL = [name for name in Filters.__slots__ if name not in {"since", "until"}]


async def search(
    db: Database,
    *,
    tenant: str,
    owner: str | None = None,
    filters: Filters = EVERYTHING,
    limit: int = 50,
    offset: int = 0,
    cursor: str | None = None,
) -> Page:
    """The newest executions of a tenant that meet `filters`.

    Args:
        owner: Only calls of this caller, whatever `filters` ask for.
        limit: Rows of a page, at least 1.
        offset: Rows to leave out; a far page is found faster by `cursor`.
        cursor: Of the page before.

    Raises:
        CursorInvalid: `cursor` is none.
    """
    wanted = _meets(tenant, owner, filters)
    if cursor is not None:
        wanted.append(tuple_(executions.c.started, executions.c.id) < tuple_(*read_cursor(cursor)))
    newest = (executions.c.started.desc(), executions.c.id.desc())
    statement = select(*COLUMNS).where(*wanted).order_by(*newest).limit(limit + 1).offset(offset)
    found = await db.read(lambda connection: [execution_row(row) for row in connection.execute(statement)])
    items = found[:limit]
    return Page(items=items, cursor=cursor_after(items[-1]) if len(found) > limit else None)


async def count(db: Database, *, tenant: str, owner: str | None = None, filters: Filters = EVERYTHING) -> int:
    """How many executions `search` would go through. Takes longer the more there are."""
    statement = select(func.count()).select_from(executions).where(*_meets(tenant, owner, filters))
    return await db.read(lambda connection: connection.execute(statement).scalar_one())


async def tree(
    db: Database, root_id: str, *, tenant: str, owner: str | None = None, limit: int = 1000
) -> Sequence[ExecutionRow]:
    """An execution and all that were called on its way, oldest first; empty where there is none.

    Args:
        owner: Only calls of this caller; what lies below a foreign one is not looked at.
        limit: At most so many.
    """
    mine = [executions.c.tenant == tenant] + ([executions.c.caller == owner] if owner is not None else [])
    branch = select(executions.c.id).where(executions.c.id == root_id, *mine).cte("branch", recursive=True)
    below = select(executions.c.id).join(branch, executions.c.parent_id == branch.c.id).where(*mine)
    branch = branch.union(below)  # not `union_all`, which would walk a circle for ever
    found = select(*COLUMNS).join(branch, executions.c.id == branch.c.id)
    statement = found.order_by(executions.c.started, executions.c.id).limit(limit)
    return await db.read(lambda connection: [execution_row(row) for row in connection.execute(statement)])


def _meets(tenant: str, owner: str | None, filters: Filters) -> list[ColumnElement[bool]]:
    c = executions.c
    asked: list[tuple[Any, Any]] = [(c[name], getattr(filters, name)) for name in _EQUAL]
    wanted = [
        c.tenant == tenant,
        *(column == value for column, value in [*asked, (c.caller, owner)] if value is not None),
    ]
    if filters.status in _OPEN_STATUSES:
        wanted.append(and_(text(OPEN)))  # implied, but then the index of open ones can be used
    if filters.since is not None:
        wanted.append(c.started >= filters.since)
    if filters.until is not None:
        wanted.append(c.started < filters.until)
    return wanted


def meets(row: ExecutionRow, *, tenant: str, owner: str | None, filters: Filters) -> bool:
    """Whether `search` would find `row`."""
    if row.tenant != tenant or owner not in {None, row.caller}:
        return False
    if filters.since is not None and row.started < filters.since:
        return False
    if filters.until is not None and row.started >= filters.until:
        return False
    asked = ((getattr(row, name), getattr(filters, name)) for name in _EQUAL)
    return all(wanted is None or has == wanted for has, wanted in asked)


def cursor_after(row: ExecutionRow) -> str:
    """The cursor of a page that ends with `row`."""
    return base64.urlsafe_b64encode(f"{row.started}:{row.id}".encode()).decode()


def read_cursor(cursor: str) -> tuple[int, str]:
    """When the last execution of a page was started, and its id.

    Raises:
        CursorInvalid: `cursor` is none.
    """
    try:
        started, separator, row_id = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition(":")
        if separator and row_id.isprintable() and -(2**63) <= int(started) < 2**63:
            return int(started), row_id
    except (binascii.Error, ValueError):
        pass
    raise CursorInvalid(cursor=cursor)
