"""The connector types and connectors that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from jackfield.definition.connector import Connector
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import check_name, folded
from jackfield.errors import JackfieldError
from jackfield.registry.environments import Environment
from jackfield.registry.errors import NameTaken, UnknownType

DEFAULT_NAMESPACE = "default"
NOBODY = ""
"""The id of no user."""


@dataclass(frozen=True, kw_only=True)
class ConnectorType:
    """One connector type as it is installed.

    Attributes:
        implementation: The class, for types written in Python.
        place: Where it was found, for people.
        packaged: It came with an installed package, Jackfield's own among them.
        enabled: Its connectors can be called.
        chosen_by: As of a connector, for calls without one: `None` where whoever runs the installation decides where
            its requests go. `NOBODY` of a type that somebody has stored: it gets no secret by being called.
    """

    definition: ConnectorDefinition
    implementation: type[Connector] | None = None
    place: str = ""
    packaged: bool = False
    enabled: bool = True
    chosen_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConfiguredConnector:
    """One connector: a type with its connection filled in.

    Attributes:
        config: Connection fields as given, secrets in plain, so it is never shown or logged. Of one that is stored:
            a mask in place of each secret.
        environments: By name: fields that lie over those of `config`, with secrets likewise.
        environment: The one that calls use which name none; empty for `config` alone.
        sealed: The secrets of one that is stored, as the vault made them: of `config` and of all environments.
        revision: Raised by every change.
        type_id: Of the stored type; empty for a connector that is not stored. A type that somebody makes later under
            the same name is another one.
        type_version: The oldest version of the type that will do; empty for any.
        mocks: `{"enabled": bool, "scenario": name, "data": {command: {scenario: outcome}}, "script": source}`, as far
            as it is set.
        owner: The id of the user that made it.
        chosen_by: The id of the user that decides where its requests go, and so where secrets go that it names; `None`
            where whoever runs the installation has decided, or an administrator has approved.
        egress: `{"allow": "...", "ports": [...]}`: what this connector may reach beyond the common policy.
        timeout_s: How long its commands may take, in seconds; 30 unless set.
        log_level: The least important lines of its log that are kept, one of `definition.levels.LEVELS`; empty for
            what the process keeps.
    """

    id: str
    tenant: str
    name: str
    type: str
    namespace: str = DEFAULT_NAMESPACE
    display_name: str = ""
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    environments: Mapping[str, Environment] = field(default_factory=dict, repr=False)
    environment: str = ""
    enabled: bool = True
    revision: int = 1
    egress: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float | None = None
    log_level: str = ""
    sealed: bytes | None = field(default=None, repr=False)
    type_id: str = ""
    type_version: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    mocks: Mapping[str, Any] = field(default_factory=dict)
    chosen_by: str | None = None

    @property
    def full_name(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


class Catalogue(Protocol):
    """What exists, for one tenant at a time.

    Looking things up never waits: what is kept elsewhere is read by `refresh`, which callers await first when
    `is_stale` says so.
    """

    @property
    def problems(self) -> Sequence[JackfieldError]:
        """What is there and cannot be used."""

    def version(self, tenant: str) -> int:
        """Another one whenever something that `tenant` sees has changed: what was derived can be kept until then."""

    def types(self, tenant: str) -> Sequence[ConnectorType]:
        """Every connector type that `tenant` sees, by name."""

    def find_type(self, name: str, *, tenant: str) -> ConnectorType | None:
        """The type called `name`, in any case style."""

    def type_of(self, connector: ConfiguredConnector) -> ConnectorType | None:
        """The type that a connector was made of; `None` when it is not installed here."""

    def connectors(self, tenant: str) -> Sequence[ConfiguredConnector]:
        """Every connector of `tenant`, by full name."""

    def is_stale(self, tenant: str) -> bool:
        """Whether something has changed since the last `refresh`. It costs nothing: every call asks."""

    async def refresh(self, tenant: str) -> None:
        """Read what has changed."""


async def up_to_date(catalogue: Catalogue, tenant: str) -> None:
    """Read what has changed for `tenant`, if anything has. Calls, which cannot spare even this, ask by themselves."""
    if catalogue.is_stale(tenant):
        await catalogue.refresh(tenant)


class MemoryCatalogue:
    """A catalogue in this process only. Its types are those of every tenant."""

    problems: Sequence[JackfieldError] = ()
    """Whoever fills it is told at once."""

    def __init__(self) -> None:
        self._version = 0
        self._types: dict[str, ConnectorType] = {}
        self._connectors: dict[tuple[str, str, str], ConfiguredConnector] = {}

    def version(self, tenant: str) -> int:
        """Another one after every change."""
        return self._version

    def types(self, tenant: str) -> Sequence[ConnectorType]:
        """Every connector type, by name."""
        return sorted(self._types.values(), key=lambda found: found.definition.name)

    def find_type(self, name: str, *, tenant: str) -> ConnectorType | None:
        """The type called `name`, in any case style."""
        return self._types.get(folded(name))

    def type_of(self, connector: ConfiguredConnector) -> ConnectorType | None:
        """The type that a connector was made of."""
        return self.find_type(connector.type, tenant=connector.tenant)

    def connectors(self, tenant: str) -> Sequence[ConfiguredConnector]:
        """Every connector of a tenant, by full name."""
        own = (connector for connector in self._connectors.values() if connector.tenant == tenant)
        return sorted(own, key=lambda connector: connector.full_name)

    def is_stale(self, tenant: str) -> bool:
        """Never: there is nothing elsewhere."""
        return False

    async def refresh(self, tenant: str) -> None:
        """Nothing is to be read."""

    def add_type(self, added: ConnectorType) -> None:
        """Install a type. A class that was defined again (in a notebook) replaces its first form.

        Raises:
            NameTaken: Another type has that name.
        """
        name = folded(added.definition.name)
        present = self._types.get(name)
        if present is not None and not _same_origin(present, added):
            raise NameTaken(what="connector type", name=added.definition.name, first=present.place, second=added.place)
        self._types[name] = added
        self._version += 1

    def add_connector(self, added: ConfiguredConnector) -> None:
        """Add a connector.

        Raises:
            InvalidName: Its name or namespace is no name.
            NameTaken: The namespace has one of that name.
            UnknownType: Its type is not installed.
        """
        if self.find_type(added.type, tenant=added.tenant) is None:
            raise UnknownType(type=added.type, known=[found.definition.name for found in self.types(added.tenant)])
        self.check_free(added)
        self._connectors[_key(added)] = added
        self._version += 1

    def check_free(self, wanted: ConfiguredConnector) -> None:
        """Do nothing if a connector of that name and id can be added.

        Raises:
            InvalidName: Its name or namespace is no name.
            NameTaken: There is one of that name in its namespace, or one of that id anywhere.
        """
        check_name(wanted.namespace, what="namespace")
        check_name(wanted.name, what="connector")
        if _key(wanted) in self._connectors:
            raise NameTaken(what="connector", name=wanted.full_name)
        if any(present.id == wanted.id for present in self._connectors.values()):
            raise NameTaken(what="the connector id", name=wanted.id)

    def change_connector(self, full_name: str, *, tenant: str, **changes: Any) -> ConfiguredConnector:
        """Change a connector and raise its revision."""
        namespace, _, name = full_name.partition("/")
        key = (tenant, folded(namespace), folded(name))
        before = self._connectors[key]
        self._connectors[key] = replace(before, **changes, revision=before.revision + 1)
        self._version += 1
        return self._connectors[key]


def _key(connector: ConfiguredConnector) -> tuple[str, str, str]:
    return (connector.tenant, folded(connector.namespace), folded(connector.name))


def _same_origin(first: ConnectorType, second: ConnectorType) -> bool:
    one, other = first.implementation, second.implementation
    if one is None or other is None:
        return False
    return (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
