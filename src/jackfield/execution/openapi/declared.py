"""An operation of a document as a declarative one, where that sends the same requests.

For connectors whose operations are written by hand: what both models can send is sent alike, byte for byte. What
only the imported model can is left out, with its cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.openapi.commands import Commands
from jackfield.definition.openapi.media_types import is_lines, is_range, kind_of
from jackfield.definition.openapi.plan import BodyPlan, OperationPlan, ParameterPlan, PartPlan
from jackfield.definition.openapi.servers import is_absolute
from jackfield.definition.schema_kinds import SCALARS, item_kinds, kinds
from jackfield.execution.openapi.accepted import accept_header, expects_json
from jackfield.execution.openapi.addresses import HOLE, divided

_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_QUERY = re.compile(r"[A-Za-z0-9._~-]+=[A-Za-z0-9._~-]*(&[A-Za-z0-9._~-]+=[A-Za-z0-9._~-]*)*")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_JOINTS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


class Inexpressible(Exception):
    """A declarative operation cannot send what the document asks for; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """An operation as `definition.operations` reads it.

    Attributes:
        operation: Without its name.
        weakened: What of it is left out.
    """

    operation: Mapping[str, Any]
    weakened: tuple[str, ...] = ()


def declared(commands: Commands, name: str) -> Declared:
    """One command as a declarative operation.

    Raises:
        Inexpressible: Its requests cannot be sent so.
    """
    command, plan = commands[name], commands.plan(name)
    headers: dict[str, str] = {}
    joints: dict[str, str] = {}
    mapping: dict[str, str] = {}
    names: dict[str, str] = {}
    for parameter in plan.parameters:
        _place(parameter, command.params, mapping, names, joints)
    if accept := accept_header(plan.accept):
        headers["Accept"] = accept
    body, weakened = _body(plan, command.params, mapping, names, headers)
    if any(_TEMPLATE.search(text) for text in headers.values()):
        raise Inexpressible("a media type of it would be read as a template")
    operation = {
        "method": plan.method.upper(),
        "path": _path(plan),
        "parameters": _without(command.params, plan.body.choice if plan.body else ""),
        "mapping": {**mapping, "*": "query" if plan.method.upper() in {"GET", "HEAD", "DELETE"} else "body"},
        "response": _response(plan),
        "displayName": command.display_name,
        "description": command.description,
        "outputs": list(command.outputs),
        "outputSchema": command.output_schema,
        "readsOnly": command.reads_only,
        "destructive": command.destructive,
        "idempotent": command.idempotent,
        "deprecated": command.deprecated is not None,
        "deprecatedMessage": command.deprecated.message if command.deprecated else "",
        "tags": list(command.tags),
        "mock": dict(commands.scenarios(name)),
        **body,
    }
    said = {"names": names, "headers": headers, "joined": joints, "baseUrl": _base(plan)}
    return Declared(operation={**operation, **{key: value for key, value in said.items() if value}}, weakened=weakened)


def _place(
    parameter: ParameterPlan,
    params: Mapping[str, Any],
    mapping: dict[str, str],
    names: dict[str, str],
    joints: dict[str, str],
) -> None:
    param, location = parameter.param, parameter.location
    schema = params["properties"][param]
    if parameter.style == "content":
        raise Inexpressible(f"`{param}` is written as `{parameter.media_type}`")
    if parameter.allow_reserved:
        raise Inexpressible(f"`{param}` goes out with reserved characters as they are")
    found = kinds(schema, params) - {"null"}
    many = "array" in found and item_kinds(schema, params) <= SCALARS
    if not found <= SCALARS | ({"array"} if many else set()):
        raise Inexpressible(f"`{param}` may be an object, or a list of others than texts and numbers")
    if location in ("path", "header"):
        if many:
            raise Inexpressible(f"`{param}` may be a list in the {location}")
        if location == "path" and parameter.style != "simple":
            raise Inexpressible(f"`{param}` is written in the style `{parameter.style}`")
    elif many and not parameter.explode:
        if location == "cookie" or parameter.style not in _JOINTS:
            raise Inexpressible(f"`{param}` is a list that is written in the style `{parameter.style}`")
        joints[param] = _JOINTS[parameter.style]
    mapping[param] = location
    if location != "path" and parameter.name != param:
        names[param] = parameter.name


def _path(plan: OperationPlan) -> str:
    called = {parameter.name: parameter.param for parameter in plan.parameters if parameter.location == "path"}
    plain, query = divided(plan.path)
    if unknown := [name for name in HOLE.findall(plain) if name not in called]:
        raise Inexpressible(f"its path needs `{unknown[0]}`, which no param gives")
    if {"{", "}"} & set(HOLE.sub("", plain)):
        raise Inexpressible("its path has braces that are no place for a param")
    path = HOLE.sub(lambda hole: f"{{{called[hole[1]]}}}", plain)
    if not query:
        return path
    given = {parameter.name for parameter in plan.parameters if parameter.location == "query"}
    if not _QUERY.fullmatch(query) or given & {pair.partition("=")[0] for pair in query.split("&")}:
        raise Inexpressible("its path has a query of its own, with more than names and plain values")
    return f"{path}?{query}"


def _base(plan: OperationPlan) -> str:
    if plan.server is None:
        return ""
    if plan.server.variables or not is_absolute(plan.server.url):
        raise Inexpressible(f"it has a server of its own, `{plan.server.url}`, that is no whole address")
    return plan.server.url


def _response(plan: OperationPlan) -> str:
    types = [media_type for media_type in plan.accept if not is_range(media_type)]
    if not types or expects_json(plan.accept):
        return "json"
    return "text" if all(kind_of(media_type) in ("text", "form") for media_type in types) else "bytes"


def _body(
    plan: OperationPlan,
    params: Mapping[str, Any],
    mapping: dict[str, str],
    names: dict[str, str],
    headers: dict[str, str],
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """More of the operation, and what of its body is left out."""
    body = plan.body
    if body is None:
        return {}, ()
    if plan.method.upper() in {"GET", "HEAD"}:
        raise Inexpressible(f"it sends a body with {plan.method.upper()}")
    media_type = body.media_types[0] if body.media_types else _JSON
    if is_range(media_type) and kind_of(media_type) == "json" and not body.binary:
        media_type = _JSON if "json" in media_type or not body.param else ""
    kind = kind_of(media_type) if media_type and not is_lines(media_type) else "text"
    if body.binary or kind not in ("json", "form", "multipart"):
        what = media_type or ", ".join(body.media_types)
        raise Inexpressible(f"its body is `{what}`, and neither JSON nor a form")
    if body.param:
        _whole(body, params, kind, mapping)
    else:
        _members(body, params, kind, media_type, mapping, names)
    if media_type != _JSON:
        headers["Content-Type"] = media_type
    weakened = f"its body is sent as `{media_type}`, and in no other media type" if body.choice else ""
    return ({} if body.required else {"bodyRequired": False}), ((weakened,) if weakened else ())


def _whole(body: BodyPlan, params: Mapping[str, Any], kind: str, mapping: dict[str, str]) -> None:
    if kind != "json":
        raise Inexpressible("its body is a form that is not described by its fields")
    if kinds(params["properties"][body.param], params) & {"string", "null"}:
        raise Inexpressible("its body is any JSON, texts and null among it")
    mapping[body.param] = "content"


def _members(
    body: BodyPlan,
    params: Mapping[str, Any],
    kind: str,
    media_type: str,
    mapping: dict[str, str],
    names: dict[str, str],
) -> None:
    parts = body.parts_of(media_type)
    for param, name in body.properties.items():
        if kind != "json":
            schema = params["properties"][param]
            for reason in _field_faults(param, schema, params, parts.get(name, PartPlan()), kind):
                raise Inexpressible(reason)
        mapping[param] = "body"
        if name != param:
            names[param] = name


def _field_faults(param: str, schema: Any, params: Mapping[str, Any], part: PartPlan, kind: str) -> Iterator[str]:
    """Why a property cannot be a field of a declarative form."""
    found = kinds(schema, params) - {"null"}
    plain = found <= SCALARS or (found <= SCALARS | {"array"} and item_kinds(schema, params) <= SCALARS)
    if part.style is not None and not (part.style == "form" and part.explode and not part.allow_reserved):
        yield f"`{param}` is a field in the style `{part.style}`"
    if part.binary:
        octets = part.media_types in ((), ("application/octet-stream",))
        if kind == "form" or not part.base64 or not octets or not _is_base64(schema):
            yield f"`{param}` is a file that is sent in a way of its own"
    elif part.media_types not in ((), ("text/plain",)) or part.headers:
        yield f"`{param}` is a field with a media type or headers of its own"
    elif not plain:
        yield f"`{param}` is a field that may be an object"
    elif kind == "multipart" and part.media_types:
        yield f"`{param}` is a field with a media type of its own"


def _is_base64(schema: Any) -> bool:
    """As the declarative model knows a file."""
    if not isinstance(schema, Mapping):
        return False
    return schema.get("contentEncoding") == "base64" or ("items" in schema and _is_base64(schema["items"]))


def _without(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The params but one."""
    if not name:
        return params
    kept = {key: part for key, part in params["properties"].items() if key != name}
    required = [each for each in params.get("required", ()) if each != name]
    rest = {key: value for key, value in params.items() if key != "required"}
    return {**rest, "properties": kept} | ({"required": required} if required else {})
