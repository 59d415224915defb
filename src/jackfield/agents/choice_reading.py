"""A choice as JSON: read, with what is wrong named by its place, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from jackfield.agents.choice import NO_RULE, Choice, ChosenConnector, ParamRule, ResultRule, ToolRule
from jackfield.agents.errors import InvalidChoice
from jackfield.agents.names import LONGEST, NAME
from jackfield.definition.names import find
from jackfield.errors import JackfieldError
from jackfield.execution.templates.template import compile_template, is_template

T = TypeVar("T")

MAX_CONNECTORS = 1_000
_CONNECTOR = ("connector", "operations", "commands", "parameters", "tools", "environment", "credential")
_TOOL = ("name", "description", "parameters", "fields", "mock", "status", "result")


def read_choice(document: Any) -> Choice:
    """The choice that `document` describes: a list of connectors, or `{connectors: [...], readsOnly: true}`.

    Nothing, or no `connectors`, means every connector that the caller sees.

    Raises:
        InvalidChoice: A part of it cannot be read; the message has its place.
    """
    if document is None:
        return Choice()
    if isinstance(document, list | tuple):
        return Choice(connectors=_connectors(document, "connectors"))
    said = _object(document, "tools", known=("connectors", "enabledConnectors", "readsOnly"))
    reads_only = _flag(said, "readsOnly", "")
    for key in ("connectors", "enabledConnectors"):
        if key in said:
            return Choice(connectors=_connectors(said[key], key), reads_only=reads_only)
    return Choice(reads_only=reads_only)


def choice_json(choice: Choice) -> dict[str, Any]:
    """As `read_choice` reads it."""
    written: dict[str, Any] = {"readsOnly": choice.reads_only}
    if choice.connectors is not None:
        written["connectors"] = [_connector_json(one) for one in choice.connectors]
    return written


def read_rule(document: Any, where: str = "tool") -> ToolRule:
    """What is settled about one command: `{name, description, parameters, fields, mock, status, result}`.

    Raises:
        InvalidChoice: A part of it cannot be read.
    """
    said = _object(document, where, known=_TOOL)
    name, status = _text(said, "name", where), _text(said, "status", where)
    if name and not NAME.fullmatch(name):
        hint = f"use 1 to {LONGEST} letters, digits, `_` and `-`"
        raise InvalidChoice(where=f"{where}.name", problem=f"is `{name[:100]}`, which is no name of a tool", hint=hint)
    if status:
        _checked(status, f"{where}.status")
    return ToolRule(
        name=name,
        description=_text(said, "description", where),
        params=_params(said.get("parameters", {}), f"{where}.parameters"),
        fields=_texts(said["fields"], f"{where}.fields") if "fields" in said else None,
        mock=_flag(said, "mock", where),
        status=status,
        result=_result(said.get("result", {}), f"{where}.result"),
    )


def _connectors(listed: Any, where: str) -> tuple[ChosenConnector, ...]:
    if not isinstance(listed, list | tuple) or len(listed) > MAX_CONNECTORS:
        hint = "give `[{connector: ..., operations: [...]}]`, or leave it out for all"
        raise InvalidChoice(where=where, problem=f"is no list of at most {MAX_CONNECTORS} connectors", hint=hint)
    return tuple(_connector(one, f"{where}[{at}]") for at, one in enumerate(listed))


def _connector(document: Any, where: str) -> ChosenConnector:
    if isinstance(document, str) and document:
        return ChosenConnector(connector=document)
    said = _object(document, where, known=_CONNECTOR)
    name = _text(said, "connector", where)
    if not name:
        raise InvalidChoice(where=where, problem="names no connector", hint="give its name as `connector`")
    commands = said.get("operations", said.get("commands", ()))
    params = _object(said.get("parameters", {}), f"{where}.parameters")
    tools = _object(said.get("tools", {}), f"{where}.tools")
    rules = {command: read_rule(of, f"{where}.tools.{command}") for command, of in tools.items()}
    for command, values in params.items():
        read = _params(values, f"{where}.parameters.{command}")
        name_of = find(command, rules) or command
        rules[name_of] = _with_params(rules.get(name_of, NO_RULE), read)
    return ChosenConnector(
        connector=name,
        commands=_texts(commands, f"{where}.operations"),
        rules=rules,
        environment=_text(said, "environment", where),
        credential=_text(said, "credential", where),
    )


def _with_params(rule: ToolRule, params: Mapping[str, ParamRule]) -> ToolRule:
    return ToolRule(
        name=rule.name,
        description=rule.description,
        params={**rule.params, **params},
        fields=rule.fields,
        mock=rule.mock,
        status=rule.status,
        result=rule.result,
    )


def _params(document: Any, where: str) -> dict[str, ParamRule]:
    said = _object(document, where)
    return {name: _param(value, f"{where}.{name}") for name, value in said.items()}


def _param(value: Any, where: str) -> ParamRule:
    """A value settles the param; `{value, locked}` says whether. Any other object is a value."""
    _checked(value, where)
    if isinstance(value, Mapping) and set(value) == {"value", "locked"}:
        return ParamRule(value=value["value"], locked=_flag(value, "locked", where))
    return ParamRule(value=value)


def _result(document: Any, where: str) -> ResultRule:
    said = _object(document, where, known=("fields", "limit"))
    limit = said.get("limit")
    if "limit" in said and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise InvalidChoice(where=f"{where}.limit", problem=f"is `{limit!s:.40}`", hint="give a whole number from 1")
    return ResultRule(fields=_texts(said.get("fields", ()), f"{where}.fields"), limit=limit)


def _checked(value: Any, where: str) -> None:
    """Every template in `value` can be compiled: better said now than when a model calls."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _checked(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            _checked(inner, f"{where}[{at}]")
    elif isinstance(value, str) and is_template(value):
        try:
            compile_template(value)
        except JackfieldError as error:
            raise InvalidChoice(where=where, problem=f"is no template: {error.message}", hint=error.hint) from None


def _object(document: Any, where: str, *, known: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(document, Mapping) or not all(isinstance(key, str) for key in document):
        raise InvalidChoice(where=where, problem="is no object", hint="give an object of names and values")
    if not known:
        return dict(document)
    names = dict.fromkeys(known)
    said: dict[str, Any] = {}
    for key, value in document.items():
        name = find(key, names)
        if name is None:
            hint = f"it may have {', '.join(f'`{name}`' for name in known)}"
            raise InvalidChoice(where=f"{where}.{key}", problem="is unknown", hint=hint)
        said[name] = value
    return said


def _text(said: Mapping[str, Any], key: str, where: str) -> str:
    return _kind(said.get(key, ""), str, f"{where}.{key}", "no text", "give a text")


def _flag(said: Mapping[str, Any], key: str, where: str) -> bool:
    return _kind(
        said.get(key, False), bool, f"{where}.{key}".strip("."), "neither true nor false", "give true or false"
    )


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) and text for text in value):
        raise InvalidChoice(where=where, problem="is no list of names", hint="give a list of texts")
    return tuple(value)


def _kind(value: Any, kind: type[T], where: str, problem: str, hint: str) -> T:
    if not isinstance(value, kind):
        raise InvalidChoice(where=where, problem=f"is {problem}", hint=hint)
    return value


def _connector_json(one: ChosenConnector) -> dict[str, Any]:
    rules = {command: rule_json(rule) for command, rule in one.rules.items()}
    written = {"connector": one.connector, "operations": list(one.commands), "tools": rules}
    settled = {"environment": one.environment, "credential": one.credential}
    return written | {key: value for key, value in settled.items() if value}


def rule_json(rule: ToolRule) -> dict[str, Any]:
    """As `read_rule` reads it."""
    result: dict[str, Any] = {"fields": list(rule.result.fields)} if rule.result.fields else {}
    if rule.result.limit is not None:
        result["limit"] = rule.result.limit
    written: dict[str, Any] = {
        "name": rule.name,
        "description": rule.description,
        "parameters": {name: {"value": of.value, "locked": of.locked} for name, of in rule.params.items()},
        "mock": rule.mock,
        "status": rule.status,
        "result": result,
    }
    said = {key: value for key, value in written.items() if value}
    return said if rule.fields is None else {**said, "fields": list(rule.fields)}
