"""What a document makes of a connector whose operations were written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jackfield.definition.faults import pointer
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.names import find, folded
from jackfield.definition.operations import BASE_URL
from jackfield.definition.operations_command import Operation, open_operation, read_operation
from jackfield.definition.operations_reader import Faults
from jackfield.manage.import_bodies import Wanted
from jackfield.manage.import_views import DocumentWarning, warnings_of
from jackfield.manage.merging import Merged, Source, read_source
from jackfield.manage.merging_credentials import credential_warnings

if TYPE_CHECKING:
    from jackfield.definition.openapi.reader import Read


@dataclass(frozen=True, kw_only=True)
class _Operations:
    """Operations by name, and what is told of them."""

    found: dict[str, Operation] = field(default_factory=dict)
    told: list[DocumentWarning] = field(default_factory=list)


class _Offered(dict[str, CommandDefinition]):
    """The commands of a definition, to be compared with those of another one."""

    def __init__(self, definition: ConnectorDefinition) -> None:
        super().__init__(definition.commands)
        self._definition = definition

    @property
    def fields(self) -> tuple[ConnectionField, ...]:
        return self._definition.fields

    @property
    def auth(self) -> Mapping[str, Any]:
        return {}  # stays as it is, whatever a document says

    def plan(self, name: str) -> Any:
        return self._definition.source["operations"][name]


def merge_operations(old: ConnectorDefinition, source: Source, asked: Wanted) -> Merged:
    """A declarative type with the operations of a document.

    One of the same name is replaced, others are added, and what was written by hand stays, byte for byte. Without
    `merge` the document's are all there are. What a declarative operation cannot send is left out, with its cause.

    Raises:
        OpenApiInvalid, InvalidDefinition: It is no OpenAPI document, or has no such operation.
    """
    from jackfield.definition.openapi.diff import diff

    read = read_source(source, asked, name=old.name)
    made = _converted(read, old)
    new = _with_operations(old, made.found, merge=asked.merge)
    changes = diff(_Offered(old), _Offered(new), model="http")
    told = len(changes.named("added")) + len(changes.named("changed"))
    warnings = [*_of_read(read), *made.told, *_of_connector(read, old, made.found)]
    return Merged(
        definition=new if changes.differences else old,
        changes=changes,
        kept=len(new.commands) - told,
        warnings=warnings,
    )


def _converted(read: Read, old: ConnectorDefinition) -> _Operations:
    from jackfield.execution.openapi.declared import Inexpressible, declared

    made = _Operations()
    for name in read.commands:
        at = pointer(("paths", read.plan(name).path, read.plan(name).method.lower()))
        try:
            operation = declared(read.commands, name)
            made.found[name] = _operation(name, operation.operation, old.fields)
        except Inexpressible as reason:
            said = f"`{name}` is left out, because a declarative operation cannot send it: {reason}"
            made.told.append(DocumentWarning(pointer=at, message=said))
            continue
        made.told.extend(DocumentWarning(pointer=at, message=f"`{name}`: {what}") for what in operation.weakened)
    return made


def _operation(name: str, raw: Mapping[str, Any], fields: tuple[ConnectionField, ...]) -> Operation:
    """As if somebody had written it.

    Raises:
        Inexpressible: Nobody could.
    """
    from jackfield.execution.openapi.declared import Inexpressible

    faults = Faults()
    read = read_operation(open_operation({**raw, "name": name}, at=(), faults=faults), name, fields)
    if read is None or faults.found:
        _, what, hint = faults.found[0] if faults.found else ((), "it cannot be read", "")
        raise Inexpressible(f"{what} ({hint})")
    return read


def _with_operations(old: ConnectorDefinition, new: Mapping[str, Operation], *, merge: bool) -> ConnectorDefinition:
    stay = list(old.commands) if merge else []
    replaced = {folded(name): name for name in new}
    names = [replaced.pop(folded(name), name) for name in stay]
    names += [name for name in new if folded(name) in replaced]
    commands = {name: new[name].command if name in new else old.commands[name] for name in names}
    operations = {name: new[name].source if name in new else old.source["operations"][name] for name in names}
    default, test = (find(name, commands) if name else None for name in (old.default_command, old.test_command))
    return replace(
        old,
        commands=commands,
        default_command=default,
        test_command=test or find("test", commands),
        source={**old.source, "operations": operations},
    )


def _of_read(read: Read) -> Iterator[DocumentWarning]:
    """What is told of the document; of its servers and credentials only what counts for operations."""
    apart = ("/servers", "/components/securitySchemes", "/securityDefinitions", "/security")
    return (each for each in warnings_of(read) if not each.pointer.removeprefix("#").startswith(apart))


def _of_connector(read: Read, old: ConnectorDefinition, made: Mapping[str, Operation]) -> Iterator[DocumentWarning]:
    """Where the connector sends its requests, and as whom, if the document says otherwise."""
    own, said = str(old.source.get(BASE_URL) or ""), read.base_url
    there = any("baseUrl" not in each.source for each in made.values())
    if there and said and said.rstrip("/") != own.rstrip("/"):
        goes = f"to `{own}`" if own else "to the base URL of each connector"
        yield DocumentWarning(pointer="/servers", message=f"requests go {goes}; the document says `{said}`")
    yield from credential_warnings(read, old.auth, list(made))
