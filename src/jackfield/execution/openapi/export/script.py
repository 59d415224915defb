"""A document as one script and the definition of a connector of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jackfield.definition.floh import schema_json
from jackfield.definition.model import CommandDefinition
from jackfield.definition.names import folded
from jackfield.definition.openapi.notices import Notice
from jackfield.definition.openapi.reader import Read
from jackfield.definition.openapi.references import inside
from jackfield.definition.sources import MAX_SCRIPT_BYTES
from jackfield.execution.openapi.export.commands import command_source
from jackfield.execution.openapi.export.credentials import CredentialCode, credential_code
from jackfield.execution.openapi.export.helpers import used_by
from jackfield.execution.openapi.export.words import TAKEN, comment


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A document as a script.

    Attributes:
        script: JavaScript with a function for each command.
        draft: A body for `POST /api/connectors` with the script, the connection and the commands.
        warnings: What the script cannot do as the document has it.
    """

    script: str = field(repr=False)
    draft: Mapping[str, Any] = field(repr=False)
    warnings: tuple[Notice, ...] = ()


def export(read: Read) -> Exported:
    """The commands of a document as a script. All of them are made for it."""
    writer = _Writer(read)
    functions = [writer.function(command, name) for name, command in writer.commands.items()]
    credentials = [code.source for code in writer.credentials.values() if code.source]
    helpers = used_by([*functions, *credentials])
    script = "\n\n".join([_head(read), '"use strict";', *helpers, *credentials, *functions]) + "\n"
    if len(script.encode("utf-8", "replace")) > MAX_SCRIPT_BYTES:
        writer.warn("", f"the script is longer than the {MAX_SCRIPT_BYTES} bytes that a connector may have")
    return Exported(
        script=script, draft=_draft(read, writer.commands.values(), script), warnings=tuple(writer.warnings)
    )


class _Writer:
    """Writes the functions of one document.

    Attributes:
        commands: As the script has them, by their names in the document.
        credentials: How operations find out who asks, by what they require.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self.warnings: list[Notice] = []
        self.commands = dict(self._named())
        self.credentials: dict[tuple[tuple[str, ...], ...], CredentialCode] = {}

    def function(self, command: CommandDefinition, name: str) -> str:
        """The function of the command that the document calls `name`."""
        plan = self._read.plan(name)
        credential = self._credential(plan.security)
        return command_source(command, plan, credential=credential, base_url=self._read.base_url)

    def warn(self, name: str, message: str) -> None:
        """Keep what is to be told of a command, or of all."""
        place = ""
        if name:
            facts = self._read.commands.facts(name)
            place = inside("", "paths", facts.path, facts.method.lower())
        self.warnings.append(Notice(pointer=place, message=message))

    def _named(self) -> Iterator[tuple[str, CommandDefinition]]:
        """The commands, by names that a function can have."""
        taken = {folded(name) for name in self._read.commands}
        for name, command in self._read.commands.items():
            called = name
            while called in TAKEN or (called != name and folded(called) in taken):
                called += "_command"
            if called != name:
                taken.add(folded(called))
                self.warn(name, f"no function can be called `{name}`, so the command is called `{called}`")
            yield name, command if called == name else replace(command, name=called)

    def _credential(self, security: tuple[tuple[str, ...], ...]) -> CredentialCode:
        if security not in self.credentials:
            number = 1 + sum(1 for code in self.credentials.values() if code.name)
            self.credentials[security] = credential_code(security, self._read.schemes, number=number)
        return self.credentials[security]


def _head(read: Read) -> str:
    version = f", version {read.version}" if read.version else ""
    return comment(
        [
            f"{read.title or read.name}{version}.",
            "Made by `jackfield import openapi --export-script` of a document of OpenAPI "
            f"{read.declared}. Nothing reads that document any more: this script is all there is, and can be edited.",
            "Each function is a command. `floh.params` has what a call gives, checked against the schema in the "
            "definition; `floh.config` has the connection; `floh.http` sends a request and waits for its answer.",
        ]
    )


def _draft(read: Read, commands: Iterable[CommandDefinition], script: str) -> dict[str, Any]:
    # A script has no canned answers: the document's examples stay there.
    named = {command.name: replace(command, scenarios=()) for command in commands}
    definition = replace(read.definition(), commands=named, source={})
    return {
        "name": read.name,
        "displayName": read.title,
        "description": read.description,
        "executionModel": "script",
        "authRequired": read.auth_required,
        "configSchema": schema_json(definition),
        "scriptSource": script,
    }
