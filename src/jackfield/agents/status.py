"""What people are shown while a tool runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.agents.arguments import arguments_of
from jackfield.agents.json_text import json_text
from jackfield.agents.tool import Tool
from jackfield.errors import JackfieldError
from jackfield.execution.templates.template import compile_template

LONGEST = 200
"""Characters."""


def status_text(tool: Tool, given: Mapping[str, Any], variables: Mapping[str, Any] | None = None) -> str:
    """The text of the tool's status template; the tool's title where it has none, or where it cannot be filled in.

    The params of the call are variables of the template, under the names of the command, and so are `variables`. One
    line without control characters: a model wrote part of it.

    Args:
        tool: That is called.
        given: The model's arguments, whatever they are.
        variables: Of the host.
    """
    if not tool.rule.status:
        return _title(tool)
    try:
        params = arguments_of(tool, given, variables or {}).params
        made = compile_template(tool.rule.status).render({**(variables or {}), **params})
    except JackfieldError:
        return _title(tool)
    text = _one_line(made if isinstance(made, str) else json_text(made))
    return text or _title(tool)


def _title(tool: Tool) -> str:
    return _one_line(tool.title or tool.command)


def _one_line(text: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
