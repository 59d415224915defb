"""`test_connector`: whether a connector works, before it exists and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.agents.json_text import json_text
from jackfield.agents.showing import show_outcome
from jackfield.agents.tool import ToolResult
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import find
from jackfield.manage.authoring.bench import Bench, as_author
from jackfield.manage.authoring.connector_said import brief, refuse_beyond_models
from jackfield.manage.authoring.results import place_of
from jackfield.manage.authoring.tool import Asked, AuthoringTool
from jackfield.manage.trial_views import Trial
from jackfield.manage.views import to_json
from jackfield.registry.errors import UnknownCommand

TOOL = AuthoringTool(
    name="test_connector",
    title="Test a connector",
    description=(
        "Test a connector. With `connector`: test its connection. With `definition`, a connector that does not exist "
        "yet (the `connector` that `generate_connector_script` answers, with `config`): check it, and call `command` "
        "with `params`, or its command `test`; nothing of it is kept. Tells the result, what the script logged, the "
        "requests that it sent, and where in the script it failed. Secrets only as references: "
        '{"secret": "NAME"}.'
    ),
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "connector": {"type": "string", "description": "Id, name or `namespace/name` of one that exists."},
            "definition": {
                "type": "object",
                "writeOnly": True,
                "description": "Of one that does not: as `create_connector` takes it.",
            },
            "command": {"type": "string", "description": "Of the definition; its `test` by default."},
            "params": {"type": "object", "description": "Of the command."},
        },
    },
    open_world=True,
    scope="execute",
)

_MOST_LINES = 20
_TEXT = 300
_CHARACTERS = 8_000


async def run(bench: Bench, asked: Asked) -> ToolResult | Mapping[str, Any]:
    """How the test went."""
    given = asked.arguments
    definition, wanted = given.get("definition"), given.get("connector")
    if (definition is None) is (wanted is None):
        fault = {"pointer": "/connector", "message": "or `definition`: one of them is needed, and only one"}
        hint = "give the name of a connector, or the definition of one that does not exist"
        raise InvalidDefinition("it is not clear what to test", hint=hint, errors=[fault])
    if definition is not None:
        return await _tried(bench, asked, definition)
    if given.get("command") is not None:
        hint = "call it with `execute_connector_command`"
        fault = {"pointer": "/command", "message": "is for `definition` only"}
        raise InvalidDefinition("a command of a connector is not tested but called", hint=hint, errors=[fault])
    return _tested(to_json(await bench.tests.run(asked.principal, str(wanted))))


def _tested(test: Mapping[str, Any]) -> ToolResult:
    """The result of the test of a connection."""
    told = {key: value for key, value in test.items() if value not in (None, "")}
    failed = test["success"] is not True
    return ToolResult(
        text=json_text(told),
        structured=told,
        failed=failed,
        code=str(test["code"] or "") if failed else "",
        execution_id=str(test["executionId"]),
        call_id=str(test["executionId"]),
    )


async def _tried(bench: Bench, asked: Asked, definition: Mapping[str, Any]) -> ToolResult | Mapping[str, Any]:
    """Look at the definition, and call a command of it where there is one to call."""
    author = as_author(asked.principal)
    await bench.refreshed(author.tenant)
    refuse_beyond_models(bench, definition, tenant=author.tenant)
    info = await bench.trials.check(author, definition)
    commands: Mapping[str, Any] = (info.config_schema or {}).get("commands") or {}
    command = asked.arguments.get("command") or find("test", commands)
    if command is None:
        return {"checked": True, **brief(info), "next": "name a `command` to call it"}
    known = find(command, commands)
    if known is None or not commands[known].get("tool", True):
        raise UnknownCommand(connector=info.full_name, command=command, known=_offered(commands))
    trial = await bench.trials.run(author, definition, known, asked.arguments.get("params") or {})
    return _shown(trial, known)


def _offered(commands: Mapping[str, Any]) -> list[str]:
    return [name for name, command in commands.items() if command.get("tool", True)]


def _shown(trial: Trial, command: str) -> ToolResult:
    """The outcome with what stands beside it, each short."""
    outcome = trial.outcome
    execution = str(outcome.metadata.get("executionId", ""))
    result = show_outcome(outcome, call_id=execution, characters=_CHARACTERS)
    beside = {
        "command": command,
        "logs": [{**line, "message": line.get("message", "")[:_TEXT]} for line in trial.logs[:_MOST_LINES]],
        "requests": [dict(request) for request in trial.requests[:_MOST_LINES]],
        **({"at": place} if (place := place_of(outcome.diagnostics)) else {}),
    }
    told: dict[str, Any] = {"success": outcome.success, **beside}
    if outcome.success:
        told["result"] = outcome.payload if not result.shortened else result.structured
    else:
        told |= {"error": outcome.error, "code": outcome.code, "hint": str(outcome.diagnostics.get("hint", ""))}
    return ToolResult(
        text=json_text(told) if outcome.success else f"{result.text}\n{json_text(beside)}",
        structured=told,
        failed=result.failed,
        code=result.code,
        shortened=result.shortened,
        execution_id=execution,
        call_id=execution,
    )
