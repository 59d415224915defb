"""What a model reads of what an authoring tool did, or could not do: with the places of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jackfield.agents.json_text import json_text
from jackfield.agents.showing import error_text
from jackfield.agents.tool import ToolResult
from jackfield.errors import JackfieldError

MOST_FAULTS = 10
_MESSAGE = 300


def done(answer: Mapping[str, Any]) -> ToolResult:
    """The result of what was done."""
    return ToolResult(text=json_text(answer), structured=answer)


def failed(error: JackfieldError) -> ToolResult:
    """The result of what could not be done: what is wrong, where, and what to do."""
    faults = list(_faults(error.details))
    lines = [error_text(error.message, code=error.code, hint=error.hint), *map(_line, faults)]
    told: dict[str, Any] = {"error": error.message, "code": error.code, "hint": error.hint}
    if faults:
        told["errors"] = faults
    return ToolResult(text="\n".join(lines), structured=told, failed=True, code=error.code)


def place_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Line and column of a script or a document, as far as they are known."""
    return {key: details[key] for key in ("line", "column") if isinstance(details.get(key), int) and details[key]}


def _faults(details: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    listed = details.get("errors")
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    if not found and (place := place_of(details)):
        yield {"message": str(details.get("reason", "here"))[:_MESSAGE], **place}
    for one in found[:MOST_FAULTS]:
        said = {"pointer": str(one.get("pointer", "")), "message": str(one.get("message", ""))[:_MESSAGE]}
        yield said | place_of(one)


def _line(fault: Mapping[str, Any]) -> str:
    where = [f"`{fault['pointer']}`"] if fault.get("pointer") else []
    where += [f"{key} {fault[key]}" for key in ("line", "column") if key in fault]
    return f"- {' '.join(where) or 'here'}: {fault['message']}"
