"""Of which type an entry is: one that there is, or one that it brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault
from jackfield.definition.floh import schema_json, stored_json
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.definition.names import folded
from jackfield.errors import JackfieldError
from jackfield.registry.bodies import Entry
from jackfield.registry.catalogue import DEFAULT_NAMESPACE
from jackfield.registry.errors import NameTaken

Known = Callable[[str], ConnectorDefinition | None]
"""The definition of the type of that name, in any case style; `None` where there is none."""

_NAMES = ("name", "version", "displayName", "description", "category", "tags", "icon")
_MOST = 101
_IN_USE = "to use that type, leave its definition out; to change it, update the type; else give `type` another name"


@dataclass(frozen=True, kw_only=True)
class ChosenType:
    """The type of an entry.

    Attributes:
        name: What it is called.
        new: Its definition, where it is to be made.
        warnings: What was said of a type that there is, and does not count.
    """

    name: str
    new: ConnectorDefinition | None = None
    warnings: tuple[str, ...] = ()


def choose_type(entry: Entry, known: Known) -> ChosenType:
    """The type that `entry` is of.

    A type that the entry brings is made, unless there is one of its name that does the same. Where the name is not
    the author's but the connector's, `notes` of two namespaces are two types.

    Raises:
        NameTaken: There is a type of that name, and it does something else.
        InvalidDefinition: The entry says that its type has another execution model than it has.
    """
    if entry.type is None:
        there = known(entry.connector.type)
        return ChosenType(
            name=entry.connector.type, warnings=ignored(entry.said, there, model=entry.model) if there else ()
        )
    names = list(_names(entry))
    for name in names:
        there = known(name)
        if there is None:
            definition = replace(entry.type.definition, name=name)
            return ChosenType(name=name, new=definition, warnings=tuple(lacking(definition)))
        if does_the_same(there, entry.type.definition) and (entry.named or name == names[-1]):
            return ChosenType(name=there.name)
    raise NameTaken(what="connector type", name=entry.type.definition.name, hint=_IN_USE)


def does_the_same(one: ConnectorDefinition, other: ConnectorDefinition) -> bool:
    """Whether two definitions differ in name, version, and what people see of them, at most."""
    return _what_it_does(one) == _what_it_does(other)


def ignored(
    said: Mapping[str, Any], there: ConnectorDefinition, *, model: ExecutionModelName | None
) -> tuple[str, ...]:
    """Warnings of what a connector says of a type that it does not change: `version`, `configSchema` and the like.

    Args:
        said: See `bodies.instance_part`.
        there: The type.
        model: The execution model that the connector says it has.

    Raises:
        InvalidDefinition: The type has another execution model.
    """
    if model is not None and model != there.execution_model:
        what = f"the type `{there.name}` has the execution model `{there.execution_model}`, not `{model}`"
        fault = Fault(pointer="/executionModel", message=what)
        raise InvalidDefinition(what, hint="leave `executionModel` out", errors=[fault.to_json()])
    plain = {"version": there.version, "category": there.category, "icon": there.icon}
    found = [
        f"`{key}` is ignored: it is `{plain[key]}`, as the type `{there.name}` has it"
        for key, value in said.items()
        if key in plain and value != plain[key]
    ]
    if said.get("configSchema") and not is_schema_of(said["configSchema"], there):
        found.append(f"`configSchema` is ignored: it is not that of the type `{there.name}`, which counts")
    return tuple(found)


def lacking(definition: ConnectorDefinition) -> Iterator[str]:
    """Warnings of a definition that can be kept, and not used yet, or not all of it."""
    if not definition.commands and definition.execution_model == "mcp":
        yield f"the type `{definition.name}` has no tools yet: sync a connector of it"
    elif not definition.commands and definition.execution_model != "openapi":
        yield f"the type `{definition.name}` has no commands: describe them in `configSchema.commands`"
    imported = definition.source.get("imported")
    told = imported.get("warnings") if isinstance(imported, Mapping) else None
    for warning in told[:_MOST] if isinstance(told, list) else ():  # whoever wrote it, it is only told
        yield str(warning.get("message", "") if isinstance(warning, Mapping) else warning)[:1000]


def _names(entry: Entry) -> Iterator[str]:
    assert entry.type is not None  # noqa: S101 - asked by the caller
    name, connector = entry.type.definition.name, entry.connector
    yield name
    if name == connector.name and folded(connector.namespace) != folded(DEFAULT_NAMESPACE):
        yield f"{connector.namespace}-{name}"


def _what_it_does(definition: ConnectorDefinition) -> dict[str, Any]:
    return {key: value for key, value in stored_json(definition).items() if key not in _NAMES}


def is_schema_of(given: Any, there: ConnectorDefinition) -> bool:
    """Whether `given` is a `configSchema` that says the same as the type's."""
    from jackfield.definition.floh import from_json

    try:
        read = from_json({"name": there.name, "configSchema": given})
    except JackfieldError:
        return False
    return schema_json(read) == schema_json(there)
