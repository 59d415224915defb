"""What tools say of their answers, where a gateway wants them to.

A client refuses an answer that is not as it was said. What services answer is not always what their documents say, and
what is shortened is not either. So the schema is about `result`, and what is not as it says comes as `other`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from jackfield.agents.tool import Tool, ToolResult
from jackfield.definition.errors import InvalidSchema
from jackfield.definition.model import Schema
from jackfield.definition.validation import faults_of

MAX_BYTES = 4_000
"""Of a schema that is told; a larger one costs a model more than it helps."""
MAX_KEPT = 512

_OTHER = "What was shortened, or is not as declared."
_sizes: OrderedDict[int, tuple[Schema, bool]] = OrderedDict()


def output_schema(tool: Tool) -> dict[str, Any] | None:
    """What is said of the answers of `tool`; `None` where nothing is."""
    if not _is_told(tool.output_schema):
        return None
    assert tool.output_schema is not None  # noqa: S101 - as was just seen
    inner = dict(tool.output_schema)
    shared = {"$defs": inner.pop("$defs")} if "$defs" in inner else {}
    return {"type": "object", "properties": {"result": inner, "other": {"description": _OTHER}}, **shared}


def conforming(tool: Tool, result: ToolResult) -> ToolResult:
    """`result` as `output_schema` says of it."""
    schema = output_schema(tool)
    if schema is None or result.failed or result.structured is None:
        return result
    payload: Any = result.structured
    if not result.shortened and tool.output_schema and not _is_object(tool.output_schema):
        payload = _unwrapped(result.structured)
    if result.shortened or not _fits({"result": payload}, schema):
        return replace(result, structured={"other": dict(result.structured)})
    return replace(result, structured={"result": payload})


def _unwrapped(structured: Mapping[str, Any]) -> Any:
    """What is no object was put into one."""
    return structured["result"] if list(structured) == ["result"] else structured


def _is_object(schema: Schema) -> bool:
    return schema.get("type") == "object"


def _fits(value: Any, schema: Schema) -> bool:
    try:
        return not faults_of(value, schema)
    except InvalidSchema:
        return False


def _is_told(schema: Schema | None) -> bool:
    """Whether it is small, and one that clients can use. Looked at once for each."""
    if not schema:
        return False
    known = _sizes.get(id(schema))
    if known is None or known[0] is not schema:
        known = _sizes[id(schema)] = (schema, _is_usable(schema))
        if len(_sizes) > MAX_KEPT:
            _sizes.popitem(last=False)
    return known[1]


def _is_usable(schema: Schema) -> bool:
    try:
        if len(orjson.dumps(schema, default=dict)) > MAX_BYTES:
            return False
        faults_of(None, schema)
    except (TypeError, InvalidSchema):
        return False
    return True
