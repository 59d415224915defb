"""What such a tool has to offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from jackfield.agents.json_text import json_text
from jackfield.agents.offered import Offered
from jackfield.agents.tool import ToolResult
from jackfield.definition.errors import InvalidParams
from jackfield.definition.validation import ObjectValidator
from jackfield.surfaces.mcp.visit import Visit


class OwnTool(ABC):
    """One of them."""

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    input_schema: ClassVar[Mapping[str, Any]]

    @abstractmethod
    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """What it answers.

        Raises:
            JackfieldError: Something about `given` is wrong; it is shown as a failed result.
        """

    def annotations(self, _offered: Offered) -> dict[str, bool]:
        """What it may do. Most only look."""
        return {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}

    def wire(self, offered: Offered) -> dict[str, Any]:
        """As it is listed.

        Args:
            offered: What it finds and calls.
        """
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": dict(self.input_schema),
            "annotations": {"title": self.title, **self.annotations(offered)},
        }

    @cached_property
    def _validator(self) -> ObjectValidator:
        return ObjectValidator(self.input_schema)

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a model gave, checked.

        Raises:
            InvalidParams: It does not fit; all faults at once.
        """
        values, faults = self._validator.prepare(given)
        if faults:
            hint = f"it takes {', '.join(f'`{name}`' for name in self.input_schema['properties'])}"
            raise InvalidParams(faults=faults, where=f"tool `{self.name}`", hint=hint)
        return values


def answered(document: Mapping[str, Any]) -> ToolResult:
    """A result that is no command's."""
    return ToolResult(text=json_text(document), structured=document)
