"""From what a model gives a tool to the params of the command: what is settled wins, whatever the model says.

A model writes params flat and under the names that it was shown. Everything else that a caller may write, such as the
structured form with headers, is not the model's: through it it could set what it may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.agents.tool import Tool
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.names import folded
from jackfield.execution.templates.template import render


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The params of a call.

    Attributes:
        params: By the names of the command.
        use_mock: What the model asked for; `None` where it may not ask, or did not.
        ignored: Names under which the model tried to set what is settled or hidden, as it wrote them.
    """

    params: Mapping[str, Any]
    use_mock: bool | None = None
    ignored: tuple[str, ...] = ()


def arguments_of(tool: Tool, given: Mapping[str, Any], variables: Mapping[str, Any]) -> Arguments:
    """The params that `given` and what is settled make together.

    Args:
        tool: That is called.
        given: By the model.
        variables: For the templates in what is settled.

    Raises:
        InvalidParams: It is none of the tool's, or the switch for mocks is no switch. All faults at once.
        TemplateVariableMissing, TemplateFailed: What is settled needs what is not there.
    """
    settled = {name: render(rule.value, variables) for name, rule in tool.rule.params.items()}
    closed = _closed(tool)
    shown = {folded(name): name for name in tool.input_schema["properties"]}
    params: dict[str, Any] = {}
    ignored, faults = list[str](), list[Fault]()
    use_mock: bool | None = None
    for name, value in given.items():
        if tool.mock_param and name == tool.mock_param:
            use_mock = _switch(name, value, faults)
        elif (own := shown.get(folded(name))) is not None and own != tool.mock_param:
            params[tool.renamed.get(own, own)] = value
        elif folded(name) in closed:
            ignored.append(name)
        elif tool.open and folded(name) not in _PLACES:
            params[name] = value
        else:
            faults.append(Fault(pointer=pointer([name]), message="is no param of this tool"))
    if faults:
        raise InvalidParams(faults=faults, where=f"tool `{tool.name}`", hint=takes(tool))
    return Arguments(params=_joined(params, settled), use_mock=use_mock, ignored=tuple(ignored))


def takes(tool: Tool) -> str:
    """What a model is told of the params of a tool: those that are its own."""
    known = ", ".join(f"`{name}`" for name in tool.input_schema["properties"])
    return f"it takes {known or 'no params'}"


_PLACES = frozenset({"path", "query", "body", "headers"})
"""Under which dispatch would look for params, and headers, of a call in the structured form."""


def _closed(tool: Tool) -> set[str]:
    """Names, without their case style, that are the command's and not the model's."""
    shown = {folded(tool.renamed.get(name, name)) for name in tool.input_schema["properties"]}
    locked = {folded(name) for name, rule in tool.rule.params.items() if rule.locked}
    return locked | {folded(name) for name in tool.params if folded(name) not in shown}


def _joined(params: Mapping[str, Any], settled: Mapping[str, Any]) -> dict[str, Any]:
    """`params`, and what is settled where the model has said nothing that counts.

    Locked ones are not among `params`; so whatever is there overrides a default.
    """
    said = {folded(name) for name in params}
    return {**{name: value for name, value in settled.items() if folded(name) not in said}, **params}


def _switch(name: str, value: Any, faults: list[Fault]) -> bool | None:
    if isinstance(value, bool) or value is None:
        return value
    faults.append(Fault(pointer=pointer([name]), message="must be true or false"))
    return None
