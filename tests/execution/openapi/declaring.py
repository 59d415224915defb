"""Operations of documents in both forms, and the requests that both make of the same params."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import jsonschema_rs

from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.openapi.reader import Read
from jackfield.definition.operations import read_operations
from jackfield.errors import JackfieldError
from jackfield.execution.http import HttpModel
from jackfield.execution.model import Invocation
from jackfield.execution.openapi import build
from jackfield.execution.openapi.declared import Inexpressible, declared
from openapi_judge.values import CASES, Values

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HOST = "https://both.example/v1"
_TRIES = 20


@dataclass(frozen=True, kw_only=True)
class Both:
    """What each model makes of one call: `(method, url, headers, content)`, or the code of what it refuses with."""

    command: str
    params: dict[str, Any]
    imported: Any
    declared: Any


def converted(read: Read) -> tuple[ConnectorDefinition, dict[str, str]]:
    """The operations of a document that can be declared, and why the others cannot."""
    operations, causes = {}, {}
    for name in read.commands:
        try:
            operation = dict(declared(read.commands, name).operation)
        except Inexpressible as cause:
            causes[name] = str(cause)
            continue
        if operation["method"] in METHODS:
            operations[name] = operation
        else:
            causes[name] = f"its method is {operation['method']}"
    fields = {f.name: {"type": "string"} for f in read.fields if f.name != "baseUrl"}
    body = {"name": "declared", "baseUrl": HOST, "connectionConfig": fields, "operations": operations}
    return read_operations(body) if operations else ConnectorDefinition(name="declared"), causes


async def both(read: Read, names: list[str], definition: ConnectorDefinition, random: Random) -> Iterator[Both]:
    """The requests of some commands, with drawn params."""
    model, found = HttpModel(), []
    for name in names:
        plan = replace(read.commands.plan(name), server=None)
        for params in _drawn(read.commands[name].params, random):
            if plan.body is not None:
                params.pop(plan.body.choice, None)
            imported = _imported(plan, params)
            written = await _declared(model, definition, name, params)
            found.append(Both(command=name, params=params, imported=imported, declared=written))
    return iter(found)


def _drawn(schema: Any, random: Random) -> Iterator[dict[str, Any]]:
    valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
    for case in CASES:
        for count in range(_TRIES):
            params = Values(schema, random, case, sparse=count > _TRIES // 3).params()
            if valid.is_valid(params):
                mixed = list(params.items())
                random.shuffle(mixed)
                yield dict(mixed)
                break


def _imported(plan: Any, params: dict[str, Any]) -> Any:
    try:
        return _told(build(plan, params, config={}, base_url=HOST))
    except JackfieldError as error:
        return error.code


async def _declared(model: HttpModel, definition: ConnectorDefinition, name: str, params: dict[str, Any]) -> Any:
    command = definition.commands[name]
    source = {key: value for key, value in definition.source["operations"][name].items() if key != "baseUrl"}
    if source != definition.source["operations"][name]:
        operations = {"operations": {name: source}}
        definition = replace(definition, commands={name: command}, source={**definition.source, **operations})
    invocation = Invocation(
        connector="default/declared",
        connector_id="1",
        revision=1,
        definition=definition,
        command=command,
        config={"baseUrl": HOST},
        params=params,
        variables={},
        http=None,
        log=None,
        deadline=0,
        execution_id="1",
    )
    try:
        return _told(await model.plan(invocation))
    except JackfieldError as error:
        return error.code


def _told(built: Any) -> Any:
    return built.method, built.url, dict(built.headers), built.content
