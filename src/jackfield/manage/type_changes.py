"""A changed definition becomes a new version, high enough for those who use it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection

from jackfield.definition.floh import stored_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.model_said import said
from jackfield.definition.versions import Comparison, bump_between, compare, next_version, suffices
from jackfield.registry.checking import Check
from jackfield.registry.chosen_type import does_the_same
from jackfield.registry.errors import VersionTooLow
from jackfield.registry.seeding import next_label
from jackfield.storage import types
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.types import TypeRow, TypeVersionRow

T = TypeVar("T")

ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Redefinition:
    """What a type becomes: read, compared and checked before the transaction that stores it.

    Attributes:
        type_id: Of the type.
        version: The one that it was laid over. It counts for as long as that is the newest.
        old: The definition of that version.
        new: What it becomes, with the version of `old`.
        changed: Anything in it is another.
        redefines: What the type does is another, and not only what people see of it.
    """

    type_id: str
    version: str
    old: ConnectorDefinition
    new: ConnectorDefinition
    changed: bool
    redefines: bool
    comparison: Comparison


class Moved(Exception):
    """The type has another version than the one that a change was laid over, so it has to be laid over that."""

    def __init__(self, row: TypeRow) -> None:
        super().__init__(row.name)
        self.row = row


async def redefined(
    row: TypeRow, old: ConnectorDefinition, change: Callable[[], ConnectorDefinition], *, check: Check
) -> Redefinition:
    """What `change` makes of a type, read away from the event loop and while no transaction waits for it.

    Args:
        row: Of the type.
        old: Its newest definition.
        change: Gives it as it is to be.
        check: Refuses what could not be run.

    Raises:
        JackfieldError: What `change` or `check` raises.
    """

    def read() -> tuple[ConnectorDefinition, bool, bool]:
        new = replace(change(), version=old.version)
        changed = new is not old and stored_json(new) != stored_json(old)
        return new, changed, changed and not does_the_same(old, new)

    new, changed, redefines = await asyncio.to_thread(read)
    if redefines:
        await check(new)
    comparison = await asyncio.to_thread(compare, old, new) if redefines else Comparison(floor="patch", changes=())
    return Redefinition(
        type_id=row.id,
        version=row.version,
        old=old,
        new=new,
        changed=changed,
        redefines=redefines,
        comparison=comparison,
    )


def still_counts(redefinition: Redefinition | None, row: TypeRow) -> Redefinition:
    """The same, in the transaction that stores it.

    Raises:
        Moved: Somebody has changed the type since it was read.
    """
    if redefinition is None or (redefinition.type_id, redefinition.version) != (row.id, row.version):
        raise Moved(row)
    return redefinition


async def laid_over_newest(attempt: Callable[[], Awaitable[T]]) -> T:
    """The result of `attempt`, made again while others are faster: no change is lost, and none is stored unread.

    Raises:
        RevisionConflict: They are faster again and again.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(Moved):
            return await attempt()
    try:
        return await attempt()
    except Moved as moved:
        raise RevisionConflict(what=types.WHAT, name=moved.row.name, expected=moved.row.revision) from None


def version_in(raw: Mapping[str, Any]) -> str | None:
    """The version that a document asks for; `None` where it does not."""
    given = said(raw, "version")
    return None if given is None else str(given)


def auto_bump_in(raw: Mapping[str, Any]) -> bool:
    """Whether a document says `autoBump: true`."""
    return said(raw, "autoBump") is True


def new_version(change: Redefinition, *, asked: str | None, auto_bump: bool = False) -> ConnectorDefinition:
    """The new definition with its version; the old one itself when nothing has changed.

    A change that breaks nobody raises the version by itself. One that does needs a version that says so, or
    `auto_bump`.

    Args:
        change: What there is, and what it becomes.
        asked: The version that the author gives, if any.
        auto_bump: Raise it as far as the change needs.

    Raises:
        VersionTooLow: It would not tell those who use it that something breaks.
    """
    old, new, comparison = change.old, change.new, change.comparison
    if not change.changed and (asked in {None, old.version} or (auto_bump and not _is_above(old, asked))):
        return old
    needed = next_version(old.version, comparison.floor)
    if asked not in {None, old.version}:
        assert asked is not None  # noqa: S101 - told apart in the line above
        candidate = replace(new, version=asked)  # refuses what is no version
        if suffices(bump_between(old.version, asked), comparison.floor):
            return candidate
    elif comparison.floor != "major":
        return replace(new, version=needed)
    if auto_bump:
        return replace(new, version=needed)
    raise VersionTooLow(type=old.name, version=asked or old.version, needed=needed, reasons=_reasons(comparison))


def add_version(
    connection: Connection, row: TypeRow, definition: ConnectorDefinition, *, author: str, note: str = ""
) -> TypeRow:
    """The row after `definition` has become its newest version.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
    """
    taken = [version.version for version in types.versions(connection, tenant=row.tenant, type_id=row.id)]
    label = next_label(definition.version, taken)
    added = TypeVersionRow(
        tenant=row.tenant, type_id=row.id, version=label, definition=stored_json(definition), note=note, author=author
    )
    types.add_version(connection, added)
    return types.save(connection, replace(row, version=label))


def _is_above(old: ConnectorDefinition, asked: str | None) -> bool:
    return asked is not None and bump_between(old.version, replace(old, version=asked).version) is not None


def _reasons(comparison: Comparison) -> list[str]:
    reasons = [change.reason for change in comparison.changes if change.bump == comparison.floor]
    return reasons or ["it has changed"]
