"""A first version of a connector from described endpoints, always the same: a script, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.definition.names import folded
from jackfield.definition.openapi.reader import type_name
from jackfield.manage.authoring.auth_said import Auth
from jackfield.manage.authoring.endpoint import Endpoint, Param
from jackfield.manage.authoring.endpoint_names import command_names, title_of
from jackfield.manage.authoring.scaffold_script import Function, script_of

BODY = "body"
"""The param that is a whole body, of whose fields nothing is known."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """A service as it was described.

    Attributes:
        name: That the connector is to have; empty to make one of the title.
        title: What the service is called.
        base_url: Of the service; empty where it is not known.
        summary: One sentence of the description; empty where there is none.
    """

    description: str
    endpoints: Sequence[Endpoint]
    auth: Auth
    name: str = ""
    title: str = ""
    base_url: str = ""
    summary: str = ""


def scaffold(described: Described) -> dict[str, Any]:
    """A body for `POST /api/connectors`: protocol 2.0, one function for each endpoint."""
    title = described.title or described.name or "The service"
    names = command_names(described.endpoints)
    functions = [_function(name, endpoint) for name, endpoint in zip(names, described.endpoints, strict=True)]
    tested = next((one for one in functions if one.can_test), None)
    commands = {one.name: _command(one) for one in functions}
    if tested:
        about = {"params": [], "description": "Check that the service answers and accepts the credential."}
        commands["test"] = {**about, "readsOnly": True}
    default = _default(functions)
    return {
        "name": described.name or type_name(described.title or "my service"),
        "displayName": title,
        "description": described.summary or f"Commands of {title}.",
        "version": "1.0.0",
        "executionModel": "script",
        **({"defaultCommand": default} if default else {}),
        "configSchema": {"connectionConfig": _connection(described), "commands": commands},
        "scriptSource": script_of(functions, title=title, auth=described.auth, tested=tested),
    }


def _function(name: str, endpoint: Endpoint) -> Function:
    """With each param once: what is in the path stays there."""
    seen = {folded(param) for param in endpoint.path_params}
    query, body = _without(endpoint.query, seen), endpoint.body
    if body is None and endpoint.sends_body:
        whole = BODY if BODY not in seen else "requestBody"
        return Function(name=name, endpoint=endpoint, query=query, whole_body=whole)
    return Function(name=name, endpoint=endpoint, query=query, body=_without(body or (), seen))


def _without(params: Sequence[Param], seen: set[str]) -> tuple[Param, ...]:
    """Those that are not there yet; they are then."""
    kept = []
    for param in params:
        if folded(param.name) not in seen:
            seen.add(folded(param.name))
            kept.append(param)
    return tuple(kept)


def _command(function: Function) -> dict[str, Any]:
    endpoint = function.endpoint
    schemas: dict[str, Any] = {name: {"type": ["string", "integer"], "required": True} for name in endpoint.path_params}
    schemas |= {param.name: _schema(param) for param in (*function.query, *function.body)}
    if function.whole_body:
        schemas[function.whole_body] = {"type": "object", "description": "The JSON body of the request."}
    hints = {
        "readsOnly": endpoint.method in {"GET", "HEAD"},
        "destructive": endpoint.method == "DELETE",
        "idempotent": endpoint.method in {"PUT", "DELETE"},
    }
    return {
        "params": list(schemas),
        "description": endpoint.description or title_of(function.name),
        "paramSchema": schemas,
        **{name: True for name, said in hints.items() if said},
    }


def _schema(param: Param) -> dict[str, Any]:
    return {**param.schema, **({"required": True} if param.required else {})}


def _connection(described: Described) -> dict[str, Any]:
    base: Mapping[str, Any] = {"default": described.base_url} if described.base_url else {"required": True}
    about = "Address of the service, without a slash at the end."
    return {"baseUrl": {"type": "url", "description": about, **base}, **described.auth.fields}


def _default(functions: Sequence[Function]) -> str:
    """A command that only reads and needs nothing: whoever forgets to name one does no harm."""
    harmless = [one.name for one in functions if one.can_test]
    return next((name for name in harmless if name.startswith("list")), harmless[0] if harmless else "")
