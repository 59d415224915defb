"""What is shown of documents that are read, and of what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jackfield.definition.floh import schema_json
from jackfield.definition.openapi.reader import Read, draft


@dataclass(frozen=True, kw_only=True)
class DocumentWarning:
    """Something that was left out of a document, or weakened.

    Attributes:
        pointer: Where in the document: a JSON Pointer.
        message: What was found, and what was made of it.
    """

    pointer: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ParsedCommand:
    """One operation of a document, as the command that it becomes.

    Attributes:
        name: Of the command.
        method: Of the request.
        path: Of the request, as the document has it.
        params: JSON Schema of an object.
        tags: Of the operation.
        reads_only: It changes nothing at the service.
        destructive: It may delete or overwrite.
        deprecated: The document says so.
        auth_required: No way to call it goes without a credential.
    """

    name: str
    method: str
    path: str
    display_name: str
    description: str
    params: Mapping[str, Any] = field(repr=False)
    tags: Sequence[str] = ()
    reads_only: bool = False
    destructive: bool = False
    deprecated: bool = False
    auth_required: bool = False


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a document offers. Nothing of it is kept.

    Attributes:
        name: That a connector type of it would have.
        version: Of the API.
        openapi: The version of OpenAPI that the document says.
        base_url: Of the service, with connection fields as `{name}`; empty where the document does not say.
        auth_required: Some command needs a credential.
        commands: All, or those that were chosen, in the order of the document.
        fields: Of the connection, by name.
        auth: Where people or programs sign in, as a type says it; empty where the document does not say.
        warnings: All that is left out or weakened.
        draft: A body for `POST /api/connectors`, to be reviewed and sent; empty where it is not wanted.
        script: The JavaScript of the draft, where it was asked for; the draft is a script connector then.
    """

    name: str
    title: str
    description: str
    version: str
    openapi: str
    base_url: str
    auth_required: bool
    commands: Sequence[ParsedCommand]
    fields: Mapping[str, Any]
    auth: Mapping[str, Any]
    warnings: Sequence[DocumentWarning]
    draft: Mapping[str, Any] = field(repr=False)
    script: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What importing a document into a connector has changed, or would change.

    Attributes:
        connector: `namespace/name`.
        type: The name of its type.
        applied: It is done; otherwise nothing was changed.
        version: Of the type, as it is now.
        added: How many commands are new.
        changed: How many are others than before.
        removed: How many are no longer there.
        kept: How many stay as they were.
        needed_bump: `patch`, `minor` or `major`: what the changes make of the version; `None` where nothing changes.
        breaking: Calls that worked may work no more.
        diff: `{added, changed, removed, breaking, bump, differences}`, by the names of commands.
        warnings: All that is left out or weakened.
    """

    connector: str
    type: str
    applied: bool
    version: str
    added: int
    changed: int
    removed: int
    kept: int
    needed_bump: str | None
    breaking: bool
    diff: Mapping[str, Any] = field(repr=False)
    warnings: Sequence[DocumentWarning] = ()


def parsed_of(read: Read) -> Parsed:
    """All that is shown of a document. Every command is made for it."""
    commands = [_command(read, name) for name in read.commands]
    schema = schema_json(replace(read.definition(), commands={}))
    return Parsed(
        name=read.name,
        title=read.title,
        description=read.description,
        version=read.version,
        openapi=read.declared,
        base_url=read.base_url,
        auth_required=read.auth_required,
        commands=commands,
        fields=schema["connectionConfig"],
        auth=dict(read.auth),
        warnings=warnings_of(read),
        draft=draft(read),
    )


def exported_of(read: Read) -> Parsed:
    """All that is shown of a document, with a draft of a script connector."""
    from jackfield.execution.openapi.export import export

    parsed, exported = parsed_of(read), export(read)
    warnings = [DocumentWarning(pointer=notice.pointer, message=notice.message) for notice in exported.warnings]
    return replace(parsed, draft=exported.draft, script=exported.script, warnings=[*parsed.warnings, *warnings])


def warnings_of(read: Read) -> Sequence[DocumentWarning]:
    """What was left out or weakened, as far as its commands are made."""
    return [DocumentWarning(pointer=notice.pointer, message=notice.message) for notice in read.warnings]


def _command(read: Read, name: str) -> ParsedCommand:
    command, plan = read.commands[name], read.plan(name)
    return ParsedCommand(
        name=name,
        method=plan.method,
        path=plan.path,
        display_name=command.display_name,
        description=command.description,
        params=command.params,
        tags=list(command.tags),
        reads_only=command.reads_only,
        destructive=command.destructive,
        deprecated=command.deprecated is not None,
        auth_required=bool(plan.security) and () not in plan.security,
    )
