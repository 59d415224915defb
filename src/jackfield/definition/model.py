"""The frozen definition of a connector type: plain data that every layer reads and none changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from jackfield.definition.auth import auth_faults
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import check_distinct, check_name, find, slug

ExecutionModelName: TypeAlias = Literal["built_in", "script", "openapi", "http", "external", "onprem", "mcp"]

FieldKind: TypeAlias = Literal[
    "string", "secret", "number", "integer", "boolean", "date", "select", "url", "textarea", "raw"
]

Schema: TypeAlias = Mapping[str, Any]
"""A JSON Schema, draft 2020-12."""

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ConnectionField:
    """One field of a connector's connection: what a person fills in once.

    Attributes:
        schema: JSON Schema of the value, without title, description and default.
        required: Must be filled in. With `shown_when` only while the field is shown.
        default: Used when the field is not filled in; `...` when there is none.
        shown_when: Names another field and the values of it for which this one is shown and required.
    """

    name: str
    kind: FieldKind
    schema: Schema
    label: str = ""
    description: str = ""
    required: bool = False
    default: Any = ...
    placeholder: str = ""
    help_url: str = ""
    help_text: str = ""
    shown_when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown again."""
        return self.kind == "secret"


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """Why a command should no longer be used."""

    message: str = ""


@dataclass(frozen=True, kw_only=True)
class CommandDefinition:
    """One operation of a connector type.

    Attributes:
        name: As its author or its service calls it; never converted.
        params: Self-contained JSON Schema (2020-12) of an object.
        outputs: Names that the payload declares, for people and tools; they never filter a result.
        output_schema: JSON Schema of the payload, where one is known.
        strict_outputs: A payload that does not match `output_schema` is a failure.
        reads_only: Changes nothing at the service.
        destructive: May delete or overwrite.
        idempotent: Doing it twice is the same as doing it once.
        tool: May be offered to language models.
        ai_description: What those are told, instead of `description`; empty where that will do.
        verified: Known to work against the real service.
        scenarios: Names of the mock scenarios that its code has.
    """

    name: str
    display_name: str = ""
    description: str = ""
    params: Schema = field(default_factory=lambda: {"type": "object", "properties": {}})
    outputs: tuple[str, ...] = ()
    output_schema: Schema | None = None
    strict_outputs: bool = False
    reads_only: bool = False
    destructive: bool = False
    idempotent: bool = False
    deprecated: Deprecation | None = None
    added_in: str | None = None
    tags: tuple[str, ...] = ()
    tool: bool = True
    ai_description: str = ""
    verified: bool = False
    scenarios: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name, what="command")
        check_distinct(self.properties, what="params", where=f"command `{self.name}`")

    @property
    def slug(self) -> str:
        """Kebab form of the name. Renaming the display name keeps it."""
        return slug(self.name)

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schemas of the top-level params by name."""
        properties: Mapping[str, Any] = self.params.get("properties") or {}
        return properties


@dataclass(frozen=True, kw_only=True)
class ConnectorDefinition:
    """One connector type, at one version.

    Attributes:
        fields: The connection, in the order of its form.
        commands: By name.
        default_command: Runs when a call names none; the whole data is then its params.
        test_command: Shows whether a connection works.
        auth_required: A credential is needed, so the type cannot be called without a configured connector.
        auth: The authentication scheme, for example `{"type": "bearer", "field": "token"}`; see `credentials`.
        rate_limits: For example `{"requests_per_minute": 60}`.
        source: What the execution model needs beside this: operations, a script, a document. Plain JSON.
    """

    name: str
    version: str = "1.0.0"
    execution_model: ExecutionModelName = "built_in"
    display_name: str = ""
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    icon: str = ""
    fields: tuple[ConnectionField, ...] = ()
    commands: Mapping[str, CommandDefinition] = field(default_factory=dict)
    default_command: str | None = None
    test_command: str | None = None
    auth_required: bool = False
    auth: Mapping[str, Any] = field(default_factory=dict)
    rate_limits: Mapping[str, int] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name(self.name, what="connector type")
        where = f"connector type `{self.name}`"
        check_distinct(self.commands, what="commands", where=where)
        check_distinct([f.name for f in self.fields], what="connection fields", where=where)
        if not _VERSION.fullmatch(self.version):
            raise InvalidDefinition(
                f"version `{self.version}` of {where} is not of the form 1.2.3",
                hint="use three numbers, as Semantic Versioning 2.0.0 has them",
            )
        self._check_conditions()
        named, hidden = [f.name for f in self.fields], [f.name for f in self.fields if f.secret]
        for at, what, hint in auth_faults(self.auth, fields=named, secret_fields=hidden):
            raise InvalidDefinition(f"`{'.'.join(('auth', *at))}` of {where}: {what}", hint=hint)
        self._check_named("default_command", self.default_command)
        self._check_named("test_command", self.test_command)

    @property
    def slug(self) -> str:
        """Kebab form of the name."""
        return slug(self.name)

    def find_command(self, wanted: str) -> CommandDefinition | None:
        """The command called `wanted`, exactly or in another case style."""
        name = find(wanted, self.commands)
        return self.commands[name] if name is not None else None

    def _check_conditions(self) -> None:
        names = [f.name for f in self.fields]
        for f in self.fields:
            if unknown := [name for name in f.shown_when if name not in names]:
                raise InvalidDefinition(
                    f"connection field `{f.name}` of connector type `{self.name}` is shown when `{unknown[0]}` has "
                    "some value, but there is no such field",
                    hint=f"the fields are {', '.join(f'`{name}`' for name in names)}",
                )

    def _check_named(self, what: str, wanted: str | None) -> None:
        if wanted is not None and self.find_command(wanted) is None:
            raise InvalidDefinition(
                f"`{what}` of connector type `{self.name}` names `{wanted}`, which is no command of it",
                hint=f"it has {', '.join(f'`{name}`' for name in self.commands) or 'no commands'}",
            )

    @property
    def callable_without_connector(self) -> bool:
        """Whether its commands run with nothing configured: no credential needed, every field optional."""
        return not self.auth_required and not any(
            f.required and f.default is ... and not f.shown_when for f in self.fields
        )
