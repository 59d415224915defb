"""`update_connector_script`: another script for a connector that has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import folded
from jackfield.definition.script_functions import functions_of
from jackfield.manage.authoring.bench import Bench, as_author
from jackfield.manage.authoring.connector_said import DEFINITION, brief
from jackfield.manage.authoring.tool import Asked, AuthoringTool
from jackfield.manage.errors import ConnectorApproved
from jackfield.registry.resolve import resolve

TOOL = AuthoringTool(
    name="update_connector_script",
    title="Update a connector's script",
    description=(
        "Replace the script of a connector written in JavaScript. It is checked in the sandbox first; what is wrong is "
        "told with line and column, and nothing is changed then. New or changed commands need `configSchema` too: "
        "`{commands: {...}}`, which replaces all. Each change makes a new version of the connector type. Read "
        "secrets from `floh.config`; never write one into a script. What an administrator has approved is changed by "
        "people only."
    ),
    input_schema={
        "type": "object",
        "required": ["connector", "scriptSource"],
        "additionalProperties": False,
        "properties": {
            "connector": {"type": "string", "description": "Id, name or `namespace/name`."},
            "scriptSource": DEFINITION["scriptSource"],
            "configSchema": DEFINITION["configSchema"],
            "defaultCommand": DEFINITION["defaultCommand"],
            "version": {"type": "string", "description": "Of the type; by default the next one that fits."},
            "autoBump": {
                "type": "boolean",
                "description": "Raise the version as needed, also where others use the type and something breaks.",
            },
        },
    },
    destructive=True,
    idempotent=True,
)

_SHOWN = 20


async def run(bench: Bench, asked: Asked) -> Mapping[str, Any]:
    """The connector as it is now, in brief.

    Raises:
        ConnectorApproved: An administrator has looked where its requests go, and would look again.
    """
    given = dict(asked.arguments)
    wanted = given.pop("connector")
    connectors, author = bench.connectors, as_author(asked.principal)
    target = resolve(await bench.refreshed(author.tenant), wanted, tenant=author.tenant)
    model = target.type.definition.execution_model
    if model != "script":
        fault = {"pointer": "/connector", "message": f"is of the execution model `{model}`"}
        hint = "make a new connector with `create_connector`, or import its document again"
        raise InvalidDefinition(f"connector `{wanted[:120]}` has no script", hint=hint, errors=[fault])
    if target.connector is not None and target.connector.type_id and target.connector.chosen_by is None:
        raise ConnectorApproved(connector=target.name)
    info = await connectors.update(author, wanted, given)
    now = resolve(await bench.refreshed(author.tenant), wanted, tenant=author.tenant).type.definition
    return {**brief(info), "version": now.version, **_unused(given["scriptSource"], now.commands)}


def _unused(script: str, commands: Mapping[str, Any]) -> dict[str, Any]:
    """Functions that no command calls: they were perhaps meant as new ones."""
    known = {folded(name) for name in commands}
    names = [name for name in functions_of(script) if folded(name) not in known]
    return {"functionsWithoutCommand": names[:_SHOWN]} if names else {}
