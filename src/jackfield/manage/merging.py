"""What a document makes of a connector type that there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.import_bodies import Wanted
from jackfield.manage.import_views import DocumentWarning, warnings_of

if TYPE_CHECKING:
    from jackfield.definition.openapi.commands import Commands
    from jackfield.definition.openapi.diff import Diff
    from jackfield.definition.openapi.reader import Read


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document that is at hand.

    Attributes:
        spec: An object or text.
        location: The address that it came from, if one.
    """

    spec: Mapping[str, Any] | str | bytes
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A type with what a document says.

    Attributes:
        definition: The type as it is to be; that which there is where nothing changes.
        changes: What is different.
        kept: How many commands stay as they were.
        warnings: What is left out or weakened.
    """

    definition: ConnectorDefinition
    changes: Diff
    kept: int
    warnings: Sequence[DocumentWarning]


Merge: TypeAlias = Callable[[ConnectorDefinition, Source, Wanted], Merged]


def merge_document(old: ConnectorDefinition, source: Source, asked: Wanted) -> Merged:
    """An imported type of another document.

    Raises:
        OpenApiInvalid, InvalidDefinition: It is no OpenAPI document, or has no such operation.
    """
    from jackfield.definition.openapi.diff import Diff, diff
    from jackfield.registry.definitions import with_document

    before, after = _commands(old), _read_over(old, source, asked).make_all()
    new = with_document(old, after)
    same = new.source == old.source  # two documents are compared sooner than the commands of both
    changes = Diff(differences=(), bump=None) if same else diff(before, after.commands)
    told = len(changes.named("added")) + len(changes.named("changed"))
    return Merged(
        definition=old if same else new,
        changes=changes,
        kept=len(after.commands) - told,
        warnings=warnings_of(after),
    )


def _commands(old: ConnectorDefinition) -> Commands:
    from jackfield.definition.openapi.commands import Commands
    from jackfield.definition.openapi.reader import read_again

    return old.commands if isinstance(old.commands, Commands) else read_again(old.source, name=old.name).commands


def _read_over(old: ConnectorDefinition, source: Source, asked: Wanted) -> Read:
    """The document as it was asked for, with what was selected before as far as it still has it."""
    from jackfield.definition.openapi.reader import SELECT

    before = old.source.get(SELECT)
    if not asked.merge or (asked.select is None and before is None):
        return read_source(source, asked, name=old.name)
    read = read_source(source, replace(asked, select=asked.select or ()), name=old.name, keep=tuple(old.commands))
    if before is None and len(read.commands) == read.offered:
        whole = {key: value for key, value in read.source.items() if key != SELECT}
        return replace(read, selected=None, source=whole)
    return read


def read_source(source: Source, asked: Wanted, *, name: str | None, keep: Sequence[str] = ()) -> Read:
    """What is asked for of a document.

    Args:
        name: Of the type.
        keep: Commands that are wanted too, as far as there are such.

    Raises:
        OpenApiInvalid, InvalidDefinition: It is no OpenAPI document, or has no such operation.
    """
    from jackfield.definition.openapi.reader import read_openapi

    return read_openapi(
        source.spec,
        name=name,
        select=asked.select,
        keep=keep,
        bundle=asked.files or None,
        at=asked.at,
        location=source.location,
    )
