"""`execute_connector_command`: one call of one command, as every tool makes it."""

from __future__ import annotations

from jackfield.agents.calling import call_tool
from jackfield.agents.choice import ToolRule
from jackfield.agents.making import make_tool
from jackfield.agents.tool import Tool, ToolResult
from jackfield.manage.authoring.bench import Bench
from jackfield.manage.authoring.tool import Asked, AuthoringTool
from jackfield.registry.errors import UnknownCommand
from jackfield.registry.resolve import command_of, resolve

TOOL = AuthoringTool(
    name="execute_connector_command",
    title="Execute a connector command",
    description=(
        "Call one command of a connector with `params`, which are checked first. Long results are shortened and say "
        "how to get the rest. With `useMock: true` a mock answers, where there is one, and nothing is sent."
    ),
    input_schema={
        "type": "object",
        "required": ["connector"],
        "additionalProperties": False,
        "properties": {
            "connector": {"type": "string", "description": "Id, name or `namespace/name`."},
            "command": {"type": "string", "description": "Of the connector; its default command if there is one."},
            "params": {"type": "object", "description": "Of the command, by name."},
            "useMock": {"type": "boolean", "description": "Answer from a mock."},
        },
    },
    destructive=True,
    open_world=True,
    scope="execute",
)

_MOCK_PARAM = "useMock"


async def run(bench: Bench, asked: Asked) -> ToolResult:
    """What the command answered.

    Raises:
        UnknownConnector, AmbiguousConnector, UnknownCommand, CommandMissing: There is none that models may call.
    """
    given = asked.arguments
    tool = await _tool(bench, asked)
    params = dict(given.get("params") or {})
    if given.get("useMock") is True and tool.mock_param:
        params[tool.mock_param] = True
    return await call_tool(
        tool, params, run=bench.run, principal=asked.principal, context=asked.context, trigger=asked.trigger
    )


async def _tool(bench: Bench, asked: Asked) -> Tool:
    tenant, wanted = asked.principal.tenant, str(asked.arguments["connector"])
    target = resolve(await bench.refreshed(tenant), wanted, tenant=tenant)
    definition = target.type.definition
    command = command_of(target, asked.arguments.get("command"))
    if not command.tool:
        known = [one.name for one in definition.commands.values() if one.tool]
        raise UnknownCommand(connector=target.name, command=command.name, known=known)
    return make_tool(target.name, definition, command, ToolRule(mock=asked.arguments.get(_MOCK_PARAM) is True))
