"""`parse_openapi_spec`: what an OpenAPI document offers, a page at a time. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.definition.names import folded
from jackfield.manage.authoring.bench import Bench
from jackfield.manage.authoring.tool import Asked, AuthoringTool
from jackfield.manage.import_views import Parsed, ParsedCommand

PAGE = 25
_MOST_WARNINGS = 10
_TEXT = 160
_MOST_PARAMS = 40

TOOL = AuthoringTool(
    name="parse_openapi_spec",
    title="Read an OpenAPI document",
    description=(
        "Read an OpenAPI document (3.x or 2.0) and tell what a connector of it would offer: counts, authentication, "
        "warnings and a page of its operations with their params, required ones with `*`. Nothing is kept. Large "
        "documents: give `specUrl`, and narrow down with `filter`. Then `create_connector` with the same `spec` or "
        "`specUrl` and the names of the operations wanted as `select`."
    ),
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "spec": {"type": ["object", "string"], "description": "The document: object, JSON or YAML."},
            "specUrl": {"type": "string", "maxLength": 2_000, "description": "Its address instead."},
            "filter": {"type": "string", "maxLength": 200, "description": "Words that an operation must have."},
            "tag": {"type": "string", "maxLength": 200, "description": "Only operations with this tag."},
            "page": {"type": "integer", "minimum": 1, "default": 1},
            "pageSize": {"type": "integer", "minimum": 1, "maximum": 100, "default": PAGE},
        },
    },
    reads_only=True,
    idempotent=True,
    open_world=True,
)


async def run(bench: Bench, asked: Asked) -> Mapping[str, Any]:
    """A summary of the document, and a page of its operations."""
    given = asked.arguments
    body = {key: given[key] for key in ("spec", "specUrl") if given.get(key) is not None}
    parsed = await bench.imports.parse(asked.principal, {**body, "draft": False})
    fitting = [one for one in parsed.commands if _fits(one, str(given.get("filter") or ""), given.get("tag"))]
    size, page = given["pageSize"], given["page"]
    start = (page - 1) * size
    shown = fitting[start : start + size]
    more = start + size < len(fitting)
    return {
        **_summary(parsed),
        "operations": [_operation(one) for one in shown],
        "shown": f"{start + 1}-{start + len(shown)} of {len(fitting)}" if shown else f"0-0 of {len(fitting)}",
        **({"nextPage": page + 1} if more else {}),
    }


def _fits(command: ParsedCommand, words: str, tag: str | None) -> bool:
    if tag is not None and folded(tag) not in {folded(one) for one in command.tags}:
        return False
    said = f"{command.name} {command.method} {command.path} {command.display_name} {command.description}".lower()
    return all(word in said for word in words.lower().split())


def _summary(parsed: Parsed) -> dict[str, Any]:
    commands, warnings = parsed.commands, parsed.warnings
    told = [{"pointer": one.pointer[:_TEXT], "message": one.message[:_TEXT]} for one in warnings[:_MOST_WARNINGS]]
    return {
        "name": parsed.name,
        "title": parsed.title[:_TEXT],
        "version": parsed.version[:_TEXT],
        "openapi": parsed.openapi,
        "baseUrl": parsed.base_url[:500],
        "counts": {
            "operations": len(commands),
            "readsOnly": sum(one.reads_only for one in commands),
            "destructive": sum(one.destructive for one in commands),
            "deprecated": sum(one.deprecated for one in commands),
        },
        "tags": _tags(commands),
        "auth": {"required": parsed.auth_required, "fields": _fields(parsed.fields), **_sign_in(parsed.auth)},
        "warnings": {"total": len(warnings), "first": told},
    }


def _tags(commands: Sequence[ParsedCommand]) -> dict[str, int]:
    """How many operations each tag has, the commonest first."""
    counted: dict[str, int] = {}
    for command in commands:
        for tag in command.tags:
            counted[tag] = counted.get(tag, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: -item[1])[:_MOST_PARAMS])


def _fields(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The connection fields, without anything that may be long."""
    kept = ("type", "secret", "required", "default")
    return [
        {"name": name, **{key: field[key] for key in kept if field.get(key) not in (None, False)}}
        | ({"description": str(field["description"])[:_TEXT]} if field.get("description") else {})
        for name, field in list(fields.items())[:_MOST_PARAMS]
    ]


def _sign_in(auth: Mapping[str, Any]) -> dict[str, Any]:
    """Where people or programs sign in, and what is asked for; nothing where the document does not say."""
    if not auth:
        return {}
    keys = ("grant", "issuer", "authorizationUrl", "tokenUrl")
    said = {key: str(auth[key])[:_TEXT] for key in keys if key in auth}
    return {"oauth2": {**said, "scopes": list(auth.get("scopes") or ())[:_MOST_PARAMS]}}


def _operation(command: ParsedCommand) -> dict[str, Any]:
    properties = command.params.get("properties") or {}
    required = set(command.params.get("required") or ())
    names = [f"{name}*" if name in required else name for name in properties]
    listed = sorted(names, key=lambda name: not name.endswith("*"))[:_MOST_PARAMS]
    return {
        "name": command.name,
        "request": f"{command.method} {command.path}",
        "description": (command.display_name or command.description)[:_TEXT],
        "params": " ".join(listed) + (" ..." if len(names) > len(listed) else ""),
        **({"destructive": True} if command.destructive else {}),
        **({"deprecated": True} if command.deprecated else {}),
    }
