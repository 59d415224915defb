"""A changed definition becomes a new version, high enough for those who use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from jackfield.definition.floh import stored_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.model_said import said
from jackfield.definition.versions import Comparison, bump_between, compare, next_version, suffices
from jackfield.registry.errors import VersionTooLow
from jackfield.registry.seeding import next_label
from jackfield.storage import types
from jackfield.storage.types import TypeRow, TypeVersionRow


def version_in(raw: Mapping[str, Any]) -> str | None:
    """The version that a document asks for; `None` where it does not."""
    given = said(raw, "version")
    return None if given is None else str(given)


def auto_bump_in(raw: Mapping[str, Any]) -> bool:
    """Whether a document says `autoBump: true`."""
    return said(raw, "autoBump") is True


def new_version(
    old: ConnectorDefinition, new: ConnectorDefinition, *, asked: str | None, auto_bump: bool = False
) -> ConnectorDefinition:
    """`new` with its version; `old` itself when nothing has changed.

    A change that breaks nobody raises the version by itself. One that does needs a version that says so, or
    `auto_bump`.

    Args:
        old: What there is.
        new: What it becomes; its own version does not count.
        asked: The version that the author gives, if any.
        auto_bump: Raise it as far as the change needs.

    Raises:
        VersionTooLow: It would not tell those who use it that something breaks.
    """
    if _is_unchanged(old, new) and (asked in {None, old.version} or (auto_bump and not _is_above(old, asked))):
        return old
    comparison = compare(old, new)
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


def _is_unchanged(old: ConnectorDefinition, new: ConnectorDefinition) -> bool:
    # By what is stored: what an imported document says need not be written out twice to be compared.
    return stored_json(replace(new, version=old.version)) == stored_json(old)


def _is_above(old: ConnectorDefinition, asked: str | None) -> bool:
    return asked is not None and bump_between(old.version, replace(old, version=asked).version) is not None


def _reasons(comparison: Comparison) -> list[str]:
    reasons = [change.reason for change in comparison.changes if change.bump == comparison.floor]
    return reasons or ["it has changed"]
