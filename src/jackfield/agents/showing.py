"""What a model reads of an outcome or an error: short, without secrets, and with what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.agents.choice import ResultRule
from jackfield.agents.json_text import json_text
from jackfield.agents.media import take_media
from jackfield.agents.projection import project
from jackfield.agents.shortening import LEAST, Fitted, fit
from jackfield.agents.tool import ToolResult
from jackfield.definition.outcome import Outcome
from jackfield.errors import JackfieldError

RETRIEVE = "retrieve_tool_result"
"""The tool that has what did not fit."""

CHARACTERS = 20_000
"""That a model reads of one result, unless told otherwise: about 5,000 tokens."""

MAX_ERROR = 1_000
_NOTE = 300
"""Characters for what is said about a shortened result."""

NOT_YOURS = "settled by whoever gave you this tool, and not changed: "


def show_outcome(
    outcome: Outcome[Any],
    *,
    call_id: str,
    schema: Mapping[str, Any] | None = None,
    rule: ResultRule | None = None,
    start: int = 0,
    characters: int = CHARACTERS,
    ignored: Sequence[str] = (),
) -> ToolResult:
    """What the model reads of `outcome`, as it is kept: secrets are masked in it already.

    Args:
        outcome: Of the call.
        call_id: By which the rest can be asked for.
        schema: Of the payload, where one is known.
        rule: Which fields and how many items are shown.
        start: Number of the first item.
        characters: At most so many, and at least `LEAST`.
        ignored: Params that the model tried to set and may not.

    Raises:
        UnknownField: The rule names a field that the payload does not have.
    """
    execution = str(outcome.metadata.get("executionId", ""))
    if not outcome.success:
        text = error_text(outcome.error or "the command failed", code=outcome.code or "", hint=_hint(outcome))
        return ToolResult(
            text=f"{text}{_ignored(ignored)}",
            failed=True,
            code=outcome.code or "",
            ignored=tuple(ignored),
            execution_id=execution,
            call_id=call_id,
        )
    wanted = rule or ResultRule()
    payload, media = take_media(outcome.payload)
    part = project(payload, schema, fields=wanted.fields, start=start, limit=wanted.limit)
    room = max(characters, LEAST) - _NOTE - len(_ignored(ignored))
    fitted = fit(part, room)
    shortened = fitted.next is not None or fitted.texts
    shown = _with_note(fitted, part.start, part.total, call_id) if shortened else fitted.payload
    text = shown if isinstance(shown, str) and not shortened else json_text(shown)
    return ToolResult(
        text=f"{text}{_ignored(ignored)}",
        structured=shown if isinstance(shown, dict) else {"result": shown},
        shortened=shortened,
        ignored=tuple(ignored),
        execution_id=execution,
        call_id=call_id,
        media=media,
    )


def show_error(error: JackfieldError, *, hint: str | None = None) -> ToolResult:
    """What the model reads where nothing was called.

    Args:
        hint: Instead of the error's own.
    """
    text = error_text(error.message, code=error.code, hint=error.hint if hint is None else hint)
    return ToolResult(text=text, failed=True, code=error.code)


def error_text(message: str, *, code: str, hint: str = "") -> str:
    """One line for what happened, and one for what to do."""
    said = f"Error ({code}): {message[:MAX_ERROR]}"
    return f"{said}\nHint: {hint[:MAX_ERROR]}" if hint else said


def _hint(outcome: Outcome[Any]) -> str:
    hint = outcome.diagnostics.get("hint")
    return hint if isinstance(hint, str) else ""


def _ignored(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"\nNote: {NOT_YOURS}{', '.join(f'`{name[:60]}`' for name in names[:5])}"


def _with_note(fitted: Fitted, start: int, total: int, call_id: str) -> dict[str, Any]:
    """The part, and how to get the rest."""
    note: dict[str, Any] = {"toolCallId": call_id, "by": RETRIEVE}
    if total:
        end = total if fitted.next is None else fitted.next
        note |= {"items": f"{start + 1}-{end} of {total}"}
    if fitted.next is not None:
        note["cursor"] = str(fitted.next)
    if fitted.texts:
        note["cut"] = "long texts; ask for fewer fields to see them whole"
    return {"result": fitted.payload, "shortened": note}
