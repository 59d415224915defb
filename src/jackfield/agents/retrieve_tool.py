"""`retrieve_tool_result` as models see it, and what they may say to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.agents.showing import RETRIEVE
from jackfield.agents.tool import Tool
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer

RETRIEVE_TOOL = Tool(
    name=RETRIEVE,
    connector="",
    command=RETRIEVE,
    title="Get more of a result",
    description="Get more of the result of an earlier tool call that was shortened: other items, or other fields.",
    input_schema={
        "type": "object",
        "properties": {
            "toolCallId": {"type": "string", "description": "As the shortened result names it."},
            "fields": {"type": "array", "items": {"type": "string"}, "description": "Only these; dots lead inside."},
            "limit": {"type": "integer", "minimum": 1, "description": "At most so many items."},
            "cursor": {"type": "string", "description": "As the shortened result names it."},
        },
        "required": ["toolCallId"],
        "additionalProperties": False,
    },
    reads_only=True,
    idempotent=True,
)


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """What a model asks for.

    Attributes:
        call_id: Of the earlier call.
        fields: Only these, of each item; empty for all.
        limit: At most so many items; `None` for as many as fit.
        start: Number of the first item.
    """

    call_id: str
    fields: tuple[str, ...] = ()
    limit: int | None = None
    start: int = 0


def read_retrieval(given: Mapping[str, Any]) -> Retrieval:
    """What the arguments of a model ask for.

    Raises:
        InvalidParams: They fit not; all faults at once.
    """
    faults = [Fault(pointer=pointer([name]), message="is no param of this tool") for name in given if name not in _ALL]
    call_id, fields = given.get("toolCallId"), given.get("fields") or ()
    limit, cursor = given.get("limit"), str(given.get("cursor") or "0")
    if not isinstance(call_id, str) or not call_id:
        faults.append(Fault(pointer="/toolCallId", message="must be the text that a shortened result has named"))
    if not isinstance(fields, list | tuple) or not all(isinstance(field, str) for field in fields):
        faults.append(Fault(pointer="/fields", message="must be a list of texts"))
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        faults.append(Fault(pointer="/limit", message="must be a whole number from 1"))
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _DIGITS):
        faults.append(Fault(pointer="/cursor", message="must be the text that a shortened result has named"))
    if faults:
        raise InvalidParams(faults=faults, where=f"tool `{RETRIEVE}`", hint=f"it takes {_NAMES}")
    return Retrieval(call_id=str(call_id), fields=tuple(fields), limit=limit, start=int(cursor))


_ALL = RETRIEVE_TOOL.input_schema["properties"]
_NAMES = ", ".join(f"`{name}`" for name in _ALL)
_DIGITS = 9
