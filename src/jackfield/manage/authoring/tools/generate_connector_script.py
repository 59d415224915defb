"""`generate_connector_script`: a connector in JavaScript from a description. Nothing is kept or called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.errors import JackfieldError
from jackfield.manage.authoring import auth_said, endpoint
from jackfield.manage.authoring.auth_said import read_auth
from jackfield.manage.authoring.bench import Bench, as_author
from jackfield.manage.authoring.endpoint import read_endpoints
from jackfield.manage.authoring.endpoint_text import endpoints_in
from jackfield.manage.authoring.generation import Generated, Way, by_model, by_scaffold, sampling
from jackfield.manage.authoring.scaffold import Described
from jackfield.manage.authoring.tool import Asked, AuthoringTool
from jackfield.manage.authoring.written import hosts_in

MAX_SCRIPT = 60_000
"""Characters of a script that a model is shown whole."""

TOOL = AuthoringTool(
    name="generate_connector_script",
    title="Generate a connector script",
    description=(
        "Write the first version of a connector in JavaScript for an HTTP API. Describe the API in `description` and "
        "its endpoints one a line, such as `GET /customers/{id} - one customer` or `POST /customers {email*, name}`, "
        "or give `endpoints`; or give an OpenAPI document as `spec` or `specUrl` with the `operations` wanted. Nothing "
        "is kept or called: review `connector`, then try it with `test_connector` and make it with `create_connector`. "
        "Never put passwords, keys or tokens into the description."
    ),
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "maxLength": 20_000, "description": "What the API is and can do."},
            "endpoints": endpoint.SCHEMA,
            "auth": auth_said.SCHEMA,
            "name": {"type": "string", "maxLength": 100, "description": "Of the connector, such as `acme-crm`."},
            "baseUrl": {"type": "string", "maxLength": 500, "description": "Address of the API."},
            "spec": {"type": ["object", "string"], "description": "An OpenAPI document: object, JSON or YAML."},
            "specUrl": {"type": "string", "maxLength": 2_000, "description": "Its address instead."},
            "operations": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Of the document: which operations, by name.",
            },
        },
    },
    reads_only=True,
    open_world=True,
)


async def run(bench: Bench, asked: Asked) -> Mapping[str, Any]:
    """The draft of a connector, how it was made, and what to look at."""
    given = asked.arguments
    if given.get("spec") is not None or given.get("specUrl") is not None:
        generated = await _exported(bench, asked)
    else:
        generated = await _described(bench, asked)
    return _answer(generated)


async def _described(bench: Bench, asked: Asked) -> Generated:
    described = _read(asked.arguments)

    async def check(body: Mapping[str, Any]) -> Sequence[str]:
        return (await bench.trials.check(as_author(asked.principal), body)).warnings

    way: Way = "model" if bench.model else "sampling"
    ask = bench.model.ask if bench.model else sampling(asked.sample) if asked.sample else None
    why = bench.no_model
    if ask is not None:
        try:
            return await by_model(ask, described, check, way=way)
        except JackfieldError as error:
            why = f"a model was asked in vain: {error.message}"
    return await by_scaffold(described, check, why=why)


def _read(given: Mapping[str, Any]) -> Described:
    """What is described.

    Raises:
        InvalidDefinition: Nothing is, or a part of it cannot be read.
    """
    text = str(given.get("description") or "").strip()
    listed = given.get("endpoints") or []
    if not text and not listed:
        fault = {"pointer": "/description", "message": "is empty"}
        hint = "say what the API can do, with its endpoints"
        raise InvalidDefinition("nothing is described", hint=hint, errors=[fault])
    found = endpoints_in(text)
    endpoints = read_endpoints(listed) or found.endpoints
    origin = next((one.origin for one in endpoints if one.origin), "")
    return Described(
        description=text,
        endpoints=endpoints,
        auth=read_auth(given.get("auth"), text),
        name=given.get("name") or "",
        title=found.title,
        summary=found.summary,
        base_url=(given.get("baseUrl") or origin or found.base_url).rstrip("/"),
    )


async def _exported(bench: Bench, asked: Asked) -> Generated:
    """The operations of a document as a script: exact, so that no model is asked."""
    given = asked.arguments
    wanted = {"spec": given.get("spec"), "specUrl": given.get("specUrl"), "name": given.get("name")}
    wanted |= {"select": given.get("operations"), "exportScript": True}
    body = {key: value for key, value in wanted.items() if value is not None}
    parsed = await bench.imports.parse(as_author(asked.principal), body)
    script = parsed.script or ""
    if len(script) > MAX_SCRIPT:
        fault = {"pointer": "/operations", "message": f"choose fewer of the {len(parsed.commands)} operations"}
        hint = "choose `operations`, or leave scripts alone: `create_connector` takes `spec` or `specUrl` as it is"
        raise InvalidDefinition(f"the script has `{len(script)}` characters", hint=hint, errors=[fault])
    notes = [f"{warning.pointer}: {warning.message}" for warning in parsed.warnings]
    return Generated(body=parsed.draft, way="openapi", notes=notes)


def _answer(generated: Generated) -> Mapping[str, Any]:
    hosts = hosts_in(generated.body) if generated.way in {"model", "sampling"} else []
    notes = [note[:300] for note in generated.notes[:20]]
    if hosts:
        notes.append(f"the script names other hosts itself, look why: {', '.join(f'`{host}`' for host in hosts)}")
    told = {"why": generated.why} if generated.why and generated.way == "scaffold" else {}
    return {
        "madeBy": generated.way,
        **told,
        **({"repaired": True} if generated.repaired else {}),
        "connector": dict(generated.body),
        "notes": notes,
        "next": "review `connector`; then `test_connector` with it as `definition`, and `create_connector` with it and "
        '`config`, secrets as {"secret": "NAME"}',
    }
