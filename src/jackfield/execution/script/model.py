"""The execution model of connectors whose commands are functions in JavaScript."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from jackfield.definition.context import Logger
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.names import closest, slug
from jackfield.definition.outcome import Outcome, fail
from jackfield.definition.script_functions import functions_of
from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError
from jackfield.execution.model import Invocation
from jackfield.execution.script.contract import Protocol, position, read_returned, read_thrown, usage_json
from jackfield.execution.script.errors import ScriptFunctionMissing, ScriptInvalid
from jackfield.execution.script.host import ScriptHost, send_nothing
from jackfield.execution.script.limits import Caps, above_caps, limits_of
from jackfield.execution.script.place import Places
from jackfield.execution.script.sandbox import Job, Limits, Returned, Sandbox, Thrown
from jackfield.execution.script.turns import Owner

MOCK_S = 10.0
"""Seconds for a mock script, which waits for nothing."""

_SHOWN = 20
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
        self._places = Places(sandbox)

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one command.

        Raises:
            ScriptInvalid, ScriptFunctionMissing: There is no such function to be called.
            LegacyProtocol, BadOutcome: What it returned is no outcome.
            JackfieldError: A limit was reached, or there is no sandbox; see `sandbox.Sandbox.run`.
        """
        host = ScriptHost(invocation.http.request, invocation.log)
        ended = await self._ended(self._job(invocation), host)
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

    async def check(self, definition: ConnectorDefinition) -> None:
        """Load the script once, in the sandbox, and look for the function of each command.

        Raises:
            ScriptInvalid: It cannot be parsed, or fails while it is loaded. Says where.
            InvalidDefinition: A command has no function, or it asks for more than the installation allows.
            SandboxUnavailable: There is no sandbox.
        """
        faults = list(above_caps(definition, self._caps))
        source = definition.source["scriptSource"]
        there = list(dict.fromkeys([*await self._functions(source), *functions_of(source)]))
        faults += [_missing(name, there) for name in definition.commands if function_of(name) not in there]
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            raise InvalidDefinition(
                f"connector type `{definition.name}`: {faults[0].message}{more}",
                hint="correct the script, or what is said of it",
                errors=[fault.to_json() for fault in faults],
            )

    async def answer(
        self,
        source: str,
        *,
        command: str,
        scenario: str,
        params: Mapping[str, Any],
        log: Logger,
        owner: tuple[str, str] = ("", ""),
    ) -> Outcome[Any] | None:
        """What a mock script says for a command; `None` if it has no function for that.

        It sees `floh.params`, and the name of the scenario as `floh.config.scenario`. It reaches nothing.

        Raises:
            JackfieldError: As `run` raises.
        """
        job = Job(
            source=source,
            function=function_of(command),
            owner=Owner(*owner),
            config=as_json({"scenario": scenario}),
            params=as_json(params),
            limits=Limits(wall_s=MOCK_S),
        )
        host = ScriptHost(send_nothing, log)
        try:
            ended = await self._ended(job, host)
        except ScriptFunctionMissing:
            return None
        return _failure(ended, host) if isinstance(ended, Thrown) else read_returned(ended.value, protocol="2.0")

    async def close(self) -> None:
        """End everything that runs."""
        await self._sandbox.close()

    async def _ended(self, job: Job, host: ScriptHost) -> Returned | Thrown:
        try:
            return await self._sandbox.run(job, host)
        except ScriptInvalid as found:
            raise await self._places.of(found, job.source, job.owner.tenant) from None

    async def _functions(self, source: str) -> Sequence[str]:
        try:
            return (await self._sandbox.check(source)).functions
        except ScriptInvalid as found:
            error = await self._places.of(found, source)
            told = {name: error.details[name] for name in ("line", "column") if error.details.get(name)}
            fault = Fault(pointer="/scriptSource", message=error.message).to_json()
            error.details["errors"] = [{**fault, **told}]
            raise error from None

    def _job(self, invocation: Invocation) -> Job:
        remaining_s = invocation.deadline - asyncio.get_running_loop().time()
        return Job(
            source=invocation.definition.source["scriptSource"],
            function=function_of(invocation.command.name),
            owner=Owner(invocation.tenant, invocation.connector_id),
            config=as_json(invocation.config),
            params=as_json(invocation.params),
            variables=as_json(invocation.variables),
            limits=limits_of(invocation.definition, self._caps, remaining_s=remaining_s),
        )


def _missing(command: str, there: Sequence[str]) -> Fault:
    wanted = function_of(command)
    close = closest(wanted, there)
    known = ", ".join(f"`{name}`" for name in there[:_SHOWN]) or "none"
    hint = f"did you mean `{close}`?" if close else f"there are {known}"
    return Fault(
        pointer="/scriptSource", message=f"there is no function `{wanted}` for the command `{command}`; {hint}"
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
