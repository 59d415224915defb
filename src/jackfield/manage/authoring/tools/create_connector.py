"""`create_connector`: a connector of a script, operations, an OpenAPI document or a type that there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import find
from jackfield.manage.authoring.bench import Bench, as_author
from jackfield.manage.authoring.connector_said import CONFIG, DEFINITION, brief, refuse_beyond_models
from jackfield.manage.authoring.tool import Asked, AuthoringTool

TOOL = AuthoringTool(
    name="create_connector",
    title="Create a connector",
    description=(
        "Create a connector: with `scriptSource` and `configSchema` (as `generate_connector_script` answers them "
        "in `connector`), with `spec` or `specUrl` of an OpenAPI document and perhaps `select`, with `operations`, or "
        "with `type` of an existing type. `config` fills in the connection. Give secrets as references to named ones, "
        '{"apiToken": {"secret": "ACME_TOKEN"}}, and ask the user to store their values; never ask for a secret in the '
        "conversation. A connector made here uses named secrets of its owner only until an administrator approves it."
    ),
    input_schema={
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 100, "description": "Such as `acme-crm`; unique in its namespace."},
            "namespace": {"type": "string", "maxLength": 100},
            "type": {"type": "string", "description": "Of an existing type, or of the one that is made."},
            "config": CONFIG,
            **DEFINITION,
        },
    },
    open_world=True,
)


async def run(bench: Bench, asked: Asked) -> Mapping[str, Any]:
    """What was made, in brief."""
    body = dict(asked.arguments)
    author = as_author(asked.principal)
    await bench.refreshed(author.tenant)
    refuse_beyond_models(bench, body, tenant=author.tenant)
    connectors = bench.connectors
    if find("spec", body) or find("specUrl", body):
        body = await _of_document(bench, asked, body)
    info = await connectors.create(author, body)
    return brief(info) | {"next": "`test_connector`, then `execute_connector_command`"}


async def _of_document(bench: Bench, asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    """The body with the document in it, wherever that was.

    Raises:
        InvalidDefinition: There are both a document and something else to make commands of.
    """
    if find("scriptSource", body):
        fault = {"pointer": "/spec", "message": "beside `scriptSource`"}
        raise InvalidDefinition("there is a document and a script", hint="give one of them", errors=[fault])
    # `operations` of a document are names, as in the guides; elsewhere they are objects.
    wanted = {"spec": "spec", "specUrl": "specUrl", "select": "select", "operations": "select"}
    found = {key: known for key in wanted if (known := find(key, body)) is not None}
    asked_for = {wanted[key]: body.pop(known) for key, known in found.items()}
    parsed = await bench.imports.parse(asked.principal, {**asked_for, "name": body["name"]})
    return {**parsed.draft, **body}
