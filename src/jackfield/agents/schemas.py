"""The params of a command as a model is shown them: short, without what is settled, in a form that every model takes.

OpenAI and Anthropic take an object at the top with no choice beside it, and names of at most 64 plain characters; what
is left out is still checked when the command is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.agents.choice import ToolRule
from jackfield.agents.marks import controlled, for_models, marks_in
from jackfield.definition.model import CommandDefinition
from jackfield.definition.names import folded
from jackfield.definition.openapi.lean import lean
from jackfield.definition.openapi.param_names import ParamNames
from jackfield.execution.templates.template import has_template

MOCK_PARAM = "useMock"
_KEPT = ("type", "properties", "required", "additionalProperties", "description", "$defs", "patternProperties")
"""What may stand at the top."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the model is shown, and how its names lead back.

    Attributes:
        schema: JSON Schema of an object.
        renamed: From names that are shown to those of the command, where they differ.
        all: Nothing is hidden.
        mock_param: With which it asks for a mock; empty where it cannot.
    """

    schema: dict[str, Any]
    renamed: Mapping[str, str]
    all: bool
    mock_param: str = ""


def shown_params(command: CommandDefinition, rule: ToolRule, *, leaned: bool = False) -> Shown:
    """The params of `command` that are the model's.

    Args:
        leaned: Its schema was made short when it was read.
    """
    hidden = _hidden(command.properties, rule)
    marked = marks_in(command.properties)
    visible = {name: of for name, of in command.properties.items() if folded(name) not in hidden}
    if marked:
        visible = {name: for_models(of) for name, of in visible.items()}
    top = {key: value for key, value in command.params.items() if key in _KEPT}
    whole = lean({**top, "properties": visible}) if hidden or marked or not leaned else top
    names, renamed = ParamNames(), dict[str, str]()
    properties: dict[str, Any] = {}
    for name, schema in whole.get("properties", {}).items():
        shown = names.take(name, "param")
        properties[shown] = _with_default(schema, name, rule)
        if shown != name:
            renamed[shown] = name
    mock = names.take(MOCK_PARAM, "jackfield") if rule.mock else ""
    if mock:
        properties[mock] = {"type": "boolean", "description": "Answer with sample data instead of the real service."}
    made = {**whole, "type": "object", "properties": properties}
    required = _required(whole, rule, {real: shown for shown, real in renamed.items()})
    made.pop("required", None)
    if required:
        made["required"] = required
    if made.get("additionalProperties") is False:  # any other is refused in any case, by an error that names them
        del made["additionalProperties"]
    return Shown(schema=made, renamed=renamed, all=not hidden, mock_param=mock)


def _required(schema: Mapping[str, Any], rule: ToolRule, shown: Mapping[str, str]) -> list[str]:
    """Names, as they are shown, of what the model must give."""
    settled = {folded(name) for name in rule.params}
    wanted = [name for name in schema.get("required", ()) if name in schema["properties"]]
    return [shown.get(name, name) for name in wanted if folded(name) not in settled]


def _hidden(properties: Mapping[str, Any], rule: ToolRule) -> set[str]:
    """Names, without their case style, of the params that are not the model's."""
    hidden = {folded(name) for name, of in rule.params.items() if of.locked}
    own = controlled(properties) if rule.fields is None else rule.fields
    if own is not None:
        visible = {folded(name) for name in own} | {folded(name) for name, of in rule.params.items() if not of.locked}
        hidden |= {folded(name) for name in properties if folded(name) not in visible}
    return hidden


def _with_default(schema: Any, name: str, rule: ToolRule) -> Any:
    """`schema` with the default that is settled, unless that is known only when the tool is called."""
    given = next((of.value for key, of in rule.params.items() if folded(key) == folded(name)), ...)
    if given is ... or not isinstance(schema, dict) or has_template(given):
        return schema
    return {**schema, "default": given}
