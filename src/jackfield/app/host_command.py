"""The type `host-command`: programs of this machine, as far as its operator lists them. Without a list it is not there.

It is defined by hand and not by a class with a name, which every other runtime of this process would find.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jackfield.definition.command import build, command, resolve
from jackfield.definition.connector import Connector
from jackfield.definition.fields import field
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.outcome import Outcome, fail, succeed
from jackfield.dispatch.permit import NEEDS_APPROVAL
from jackfield.execution.processes import end, start
from jackfield.registry.catalogue import ConnectorType, MemoryCatalogue
from jackfield.settings import Settings
from jackfield.settings.programs import Program

NAME = "host-command"
PLACE = "`JACKFIELD_HOST_COMMANDS`"

MAX_OUTPUT_BYTES = 1024 * 1024
"""Of each of the two outputs; what comes after is read and thrown away."""

_PIECE = 65_536

_PROGRAM: Any = field("Name of a listed program.")
_ARGUMENTS: Any = field("Arguments, each by itself. No shell sees them.", default=[])
_STDIN: Any = field("What the program reads.", default="")


def add_host_commands(base: MemoryCatalogue, settings: Settings) -> None:
    """Install the type with the programs that the operator lists."""
    base.add_type(host_command_type(settings.host_commands, as_tool=settings.host_commands_as_tools))


def host_command_type(programs: Sequence[Program], *, as_tool: bool) -> ConnectorType:
    """The type whose only command runs one of `programs`.

    Args:
        programs: Those that are listed.
        as_tool: It may be offered to language models.
    """
    listed = {program.name: program for program in programs}
    cls: type[_HostCommand] = type("HostCommand", (_HostCommand,), {"programs": listed})
    run, handler = build("run", _HostCommand.run, hints=resolve(_HostCommand.run))
    properties = {**run.properties, "program": {**run.properties["program"], "enum": list(listed)}}
    run = replace(run, params={**run.params, "properties": properties}, tool=as_tool)
    cls.handlers = {"run": handler}
    cls.definition = ConnectorDefinition(
        name=NAME,
        display_name="Host commands",
        description="Runs programs of the machine that Jackfield runs on, as far as its operator lists them.",
        category="developer-tools",
        commands={"run": run},
        auth_required=True,  # so that nobody calls it without a connector
        source={NEEDS_APPROVAL: True},
    )
    return ConnectorType(definition=cls.definition, implementation=cls, place=PLACE)


class _HostCommand(Connector):
    """One configured connector."""

    programs: Mapping[str, Program] = {}  # set once, by `host_command_type`

    @command(destructive=True, outputs=["exitCode", "stdout", "stderr", "truncated"])
    async def run(
        self,
        program: str = _PROGRAM,
        arguments: list[str] = _ARGUMENTS,
        stdin: str = _STDIN,
    ) -> Outcome[Any]:
        """Run a program and wait for its end. When the time of the call is over, it is killed with all it started."""
        listed = self.programs[program]
        try:
            process = await start(listed, arguments)
        except (OSError, ValueError) as error:
            return fail(f"`{program}` cannot be started: {_reason(error)}")
        try:
            said = await _ran(process, stdin.encode())
        finally:
            await end(process, patience_s=0)
        if process.returncode:
            return fail(f"`{program}` ended with the status {process.returncode}", diagnostics=said)
        return succeed(said)


async def _ran(process: Process, given: bytes) -> dict[str, Any]:
    assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 - pipes were asked for
    (out, more_out), (err, more_err), _ = await asyncio.gather(
        _taken(process.stdout), _taken(process.stderr), _fed(process, given)
    )
    await process.wait()
    return {"exitCode": process.returncode, "stdout": out, "stderr": err, "truncated": more_out or more_err}


async def _fed(process: Process, given: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
    except ConnectionError:  # it has ended, or does not read
        return


async def _taken(stream: asyncio.StreamReader) -> tuple[str, bool]:
    """The text of a stream, and whether there was more."""
    pieces, room, more = list[bytes](), MAX_OUTPUT_BYTES, False
    while piece := await stream.read(_PIECE):
        pieces.append(piece[:room])
        more = more or len(piece) > room
        room -= len(pieces[-1])
    return b"".join(pieces).decode("utf-8", "replace"), more


def _reason(error: Exception) -> str:
    return (
        (error.strerror or "it is unusable").lower() if isinstance(error, OSError) else "an argument cannot be passed"
    )
