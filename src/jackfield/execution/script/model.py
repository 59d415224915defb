"""The execution model of connectors whose commands are functions in JavaScript."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.names import slug
from jackfield.definition.outcome import Outcome, fail
from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError
from jackfield.execution.model import Invocation
from jackfield.execution.script.contract import Protocol, position, read_returned, read_thrown, usage_json
from jackfield.execution.script.host import ScriptHost
from jackfield.execution.script.limits import Caps, limits_of
from jackfield.execution.script.sandbox import Job, Sandbox, Thrown

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class ScriptModel:
    """Runs the function that is called like the command.

    Args:
        sandbox: Runs the scripts; it costs nothing before the first one.
        caps: The most that a script may ask for.
    """

    name: ExecutionModelName = "script"
    through_http = True

    def __init__(self, sandbox: Sandbox, *, caps: Caps) -> None:
        self._sandbox = sandbox
        self._caps = caps

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one command.

        Raises:
            ScriptInvalid, ScriptFunctionMissing: There is no such function to be called.
            LegacyProtocol, BadOutcome: What it returned is no outcome.
            JackfieldError: A limit was reached, or there is no sandbox; see `sandbox.Sandbox.run`.
        """
        host = ScriptHost(invocation.http, invocation.log)
        ended = await self._sandbox.run(self._job(invocation), host)
        if isinstance(ended, Thrown):
            outcome = _failure(ended, host)
        else:
            outcome = read_returned(ended.value, protocol=protocol_of(invocation.definition))
        return replace(outcome, metadata={**outcome.metadata, "script": usage_json(ended.usage)})

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """None: a script has no scenarios of its own. Its mocks are stored with a connector."""
        return fail(f"the script has no scenario `{scenario}`", diagnostics={"command": command.name})

    def check(self, definition: ConnectorDefinition) -> None:
        """Nothing can be told without running the script's top level, which takes a sandbox."""

    async def close(self) -> None:
        """End everything that runs."""
        await self._sandbox.close()

    def _job(self, invocation: Invocation) -> Job:
        remaining_s = invocation.deadline - asyncio.get_running_loop().time()
        return Job(
            source=invocation.definition.source["scriptSource"],
            function=function_of(invocation.command.name),
            config=as_json(invocation.config),
            params=as_json(invocation.params),
            variables=as_json(invocation.variables),
            limits=limits_of(invocation.definition, self._caps, remaining_s=remaining_s),
        )


def protocol_of(definition: ConnectorDefinition) -> Protocol:
    """Which keys the outcomes of a script have."""
    return "1.x" if definition.source.get("protocol") == "1.x" else "2.0"


def function_of(command: str) -> str:
    """The function that runs a command: of its name, which for `list-items` is written `listItems` in JavaScript."""
    if _IDENTIFIER.fullmatch(command):
        return command
    first, *rest = slug(command).split("-")
    return first + "".join(word.capitalize() for word in rest)


def as_json(value: Mapping[str, Any]) -> bytes:
    """What a script is given, secrets in clear."""
    try:
        return orjson.dumps(value, default=_reveal)
    except TypeError:  # half a character, or a number beyond 64 bits
        return json.dumps(value, default=_reveal, separators=(",", ":")).encode()


def _reveal(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _failure(thrown: Thrown, host: ScriptHost) -> Outcome[Any]:
    """What an exception means.

    Raises:
        JackfieldError: A request failed on its way, and the script let that pass. It knows whether it may be repeated.
    """
    cause: JackfieldError | None = host.cause(code=thrown.code, message=thrown.message)
    if cause is not None and cause.ran:
        cause.details |= position(thrown)
        raise cause
    return read_thrown(thrown, cause=cause)
