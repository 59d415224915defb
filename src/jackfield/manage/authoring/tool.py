"""One authoring tool as a model sees it, and what it is handed when it is called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from jackfield.access.principal import Principal, Scope
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.dispatch.call import Trigger
from jackfield.manage.authoring.bench import Bench

Sample = Callable[[str, str, int], Awaitable[str]]
"""Asks the model of whoever calls: instructions, what is wanted, and the most tokens of an answer."""


@dataclass(frozen=True, kw_only=True)
class AuthoringTool:
    """A tool with which a model works on connectors.

    Attributes:
        name: The same for everybody.
        title: For people.
        description: For the model.
        input_schema: JSON Schema of an object.
        reads_only: Changes nothing.
        destructive: May delete or overwrite.
        idempotent: Twice is the same as once.
        open_world: Reaches services outside.
        scope: That the caller's token needs: `read`, `execute` or `manage`.
    """

    name: str
    title: str
    description: str
    input_schema: Mapping[str, Any] = field(repr=False)
    reads_only: bool = False
    destructive: bool = False
    idempotent: bool = False
    open_world: bool = False
    scope: Scope = "manage"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call of a tool.

    Attributes:
        principal: On whose behalf.
        arguments: Checked against the schema of the tool.
        sample: Asks the caller's own model, where it has one.
        context: On whose way; `None` is outside of any conversation.
        trigger: For the record of calls.
    """

    principal: Principal
    arguments: Mapping[str, Any] = field(repr=False)
    sample: Sample | None = None
    context: ToolContext = ToolContext()  # noqa: RUF009 - frozen
    trigger: Trigger = "mcp"


class Carried(Protocol):
    """A module of the folder `tools`."""

    TOOL: AuthoringTool

    async def run(self, bench: Bench, asked: Asked) -> ToolResult | Mapping[str, Any]:
        """What the tool answers: a result, or an object that becomes one.

        Raises:
            JackfieldError: It cannot be done. The model is told.
        """
