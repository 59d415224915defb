"""What a document says of a connector type: its switches, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.fluxturn import converted, is_fluxturn
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.model_said import said, said_model
from jackfield.definition.names import folded
from jackfield.definition.plain import plain
from jackfield.manage.type_changes import auto_bump_in, version_in
from jackfield.registry.definitions import METADATA_KEYS, changed_type
from jackfield.registry.stored_rows import METADATA

_SWITCHES = ("enabled", "public")
_METADATA = {folded(name): name for name in METADATA}


@dataclass(frozen=True, kw_only=True)
class TypeDocument:
    """What a document says of a type.

    Attributes:
        definition: What it says of the definition, as it was written.
        switches: `enabled` and `public`, as far as they are said.
        version: The one that it asks for.
        auto_bump: The version may be raised as far as the change needs.
    """

    definition: Mapping[str, Any]
    switches: Mapping[str, bool] = field(default_factory=dict)
    version: str | None = None
    auto_bump: bool = False

    def enabled(self, before: bool) -> bool:
        """Whether the type is switched on from now on."""
        return self.switches.get("enabled", before)

    def public(self, before: bool) -> bool:
        """Whether the type is a template for others from now on."""
        return self.switches.get("public", before)


def read_document(document: Mapping[str, Any]) -> TypeDocument:
    """The parts of `document`.

    Raises:
        InvalidDefinition: It is no object of plain JSON, or a switch is neither true nor false.
    """
    if not isinstance(document, Mapping):
        raise InvalidDefinition(f"a connector type is `{str(document)[:80]}`", hint="it must be an object")
    document = plain(document)
    document = converted(document) if is_fluxturn(document) else document
    apart = {folded(key) for key in (*_SWITCHES, "autoBump")}
    return TypeDocument(
        definition={key: value for key, value in document.items() if folded(key) not in apart},
        switches={name: given for name in _SWITCHES if (given := _switch(document, name)) is not None},
        version=version_in(document),
        auto_bump=auto_bump_in(document),
    )


def changed_by(old: ConnectorDefinition, document: TypeDocument) -> ConnectorDefinition:
    """`old` with what the document says instead; its version stays.

    Raises:
        InvalidDefinition: It cannot be read, or says that the type has another name or execution model.
    """
    given = {key: value for key, value in document.definition.items() if folded(key) != "version"}
    name = said(given, "name")
    if name is not None and folded(str(name)) != folded(old.name):
        raise InvalidDefinition(
            f"connector type `{old.name}` cannot be renamed to `{str(name)[:80]}`",
            hint="change its `displayName`, or make another type",
        )
    given = {key: value for key, value in given.items() if folded(key) not in {"name", "type", "id"}}
    return changed_type(old, given) if given else old


def edited_by(old: ConnectorDefinition, document: TypeDocument) -> dict[str, Any]:
    """What the document says *about* a type that comes with a package, by the names of the definition.

    Raises:
        InvalidDefinition: It says something else of it than its package.
    """
    from jackfield.definition.described import read_described

    given = document.definition
    if document.version not in {None, old.version} or _redefines(old, document):
        raise _not_declarative(old.name)
    about = {key: value for key, value in given.items() if folded(key) in _METADATA}
    written = {folded(key): key for key in METADATA_KEYS}
    # Judged as those of any type are, in the words of their errors.
    blank = {"name": old.name, **{written[folded(key)]: value for key, value in about.items()}}
    read = read_described(blank, model="onprem")
    return {_METADATA[folded(key)]: getattr(read, _METADATA[folded(key)]) for key in about}


def _redefines(old: ConnectorDefinition, document: TypeDocument) -> bool:
    """Whether the document says anything but what the package says, beside the metadata."""
    from jackfield.registry.chosen_type import is_schema_of

    model = said_model(document.definition)
    if model.key is not None or model.model not in {None, old.execution_model}:
        return True
    apart = {*_METADATA, "version", "executionmodel", "configschema", "type", "id"}
    for key, value in document.definition.items():
        if folded(key) == "name" and folded(str(value)) == folded(old.name):
            continue
        if folded(key) not in apart and value is not None:
            return True
    schema = said(document.definition, "configSchema")
    return schema is not None and not is_schema_of(schema, old)


def _switch(document: Mapping[str, Any], name: str) -> bool | None:
    given = said(document, name)
    if given is not None and not isinstance(given, bool):
        raise InvalidDefinition(f"`{name}` of a connector type is `{str(given)[:80]}`", hint="give true or false")
    return given


def _not_declarative(name: str) -> InvalidDefinition:
    return InvalidDefinition(
        f"the definition of connector type `{name}` comes from its package or class",
        hint="change it there; what can be edited here is its displayName, description, category, tags, icon and "
        "whether it is enabled",
    )
