"""What is shown of connector types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jackfield.definition.auth import accepted
from jackfield.definition.floh import to_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.storage.types import TypeRow, TypeVersion

Origin = Literal["package", "stored", "process"]


@dataclass(frozen=True, kw_only=True)
class TypeInfo:
    """What is shown of a connector type in a list.

    Attributes:
        id: Empty for one that is not stored.
        origin: `package` for one that came with an installed package or whose connectors are stored, `stored` for one
            that somebody made, `process` for a class or file that only this process has.
        installed: Its commands can be run here.
        commands: Their names.
        signs_in: People connect accounts to connectors of it: they sign in at its service.
        warnings: What was said when it was made or changed, and needs a second look.
        created, updated: Microseconds since 1970.
    """

    id: str
    name: str
    slug: str
    display_name: str
    description: str
    category: str
    tags: Sequence[str]
    icon: str
    version: str
    execution_model: str
    enabled: bool
    public: bool
    origin: Origin
    installed: bool
    commands: Sequence[str]
    signs_in: bool = False
    revision: int = 0
    created: int | None = None
    updated: int | None = None
    warnings: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class VersionInfo:
    """One version of a type.

    Attributes:
        author: Id of the user that made it; `jackfield` for one that came with a package.
        created: Microseconds since 1970; `None` for a type that is not stored.
    """

    version: str
    note: str
    author: str
    created: int | None


@dataclass(frozen=True, kw_only=True)
class VersionDetails:
    """One version of a type, with its definition.

    Attributes:
        definition: As JSON (`definition.floh.to_json`).
        author, created: As of `VersionInfo`. Microseconds since 1970.
    """

    version: str
    note: str
    author: str
    created: int | None
    definition: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TypeDetails:
    """All that is shown of a connector type.

    Attributes:
        definition: The newest one, as JSON (`definition.floh.to_json`).
        versions: Oldest first.
        credentials: What a credential of such a connector may be (`definition.auth.accepted`).
    """

    type: TypeInfo
    definition: Mapping[str, Any]
    versions: Sequence[VersionInfo] = field(default=())
    credentials: Mapping[str, Any] = field(default_factory=dict)


def info_of(
    definition: ConnectorDefinition,
    row: TypeRow | None = None,
    *,
    installed: bool = True,
    origin: Origin = "stored",
    warnings: Sequence[str] = (),
) -> TypeInfo:
    """What is shown of a type.

    Args:
        definition: As it can be used here, else as it is stored.
        row: `None` for one that is not stored.
        installed: Whether it can be used here.
        origin: Where it comes from.
        warnings: Of what was just said of it.
    """
    takes = accepted(definition.auth)
    return TypeInfo(
        id=row.id if row else "",
        name=definition.name,
        slug=definition.slug,
        display_name=definition.display_name,
        description=definition.description,
        category=definition.category,
        tags=list(definition.tags),
        icon=definition.icon,
        version=definition.version,
        execution_model=definition.execution_model,
        enabled=row.enabled if row else True,
        public=row.public if row else False,
        origin=origin,
        installed=installed,
        commands=list(definition.commands),
        signs_in=bool(takes["signIn"] or takes["device"]),
        revision=row.revision if row else 0,
        created=row.created if row else None,
        updated=row.updated if row else None,
        warnings=list(warnings),
    )


def details_of(info: TypeInfo, definition: ConnectorDefinition, versions: Sequence[TypeVersion]) -> TypeDetails:
    """All that is shown of a type."""
    return TypeDetails(
        type=info,
        definition=to_json(definition),
        versions=versions_of(definition, versions),
        credentials=accepted(definition.auth),
    )


def versions_of(definition: ConnectorDefinition, versions: Sequence[TypeVersion]) -> Sequence[VersionInfo]:
    """What is shown of the versions of a type; of one that is not stored it is the one that there is."""
    if not versions:
        return [VersionInfo(version=definition.version, note="", author="", created=None)]
    return [VersionInfo(version=v.version, note=v.note, author=v.author, created=v.created) for v in versions]
