"""From what a command returned to what is answered and kept: plain JSON, without secrets, with its metadata."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from jackfield.definition import hints
from jackfield.definition.errors import BadOutcome
from jackfield.definition.model import CommandDefinition
from jackfield.definition.outcome import Outcome
from jackfield.definition.validation import faults_of
from jackfield.definition.wire import Answer
from jackfield.dispatch.errors import OutputsMismatch
from jackfield.dispatch.execute import IDEMPOTENT, failed
from jackfield.dispatch.kept_json import roomy_json, sound_text
from jackfield.dispatch.record import Progress
from jackfield.vault.masking import Mask

RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})

UNDECIDED = frozenset({500, 502, 504})
"""After these, a write may have happened all the same. 408, 429 and 503 say that it has not."""

NOTHING = Mask(())

_HIDDEN_HEADERS = frozenset({"set-cookie", "set-cookie2", "www-authenticate", "authorization", "proxy-authenticate"})


def settle(outcome: Outcome[Any], progress: Progress, *, mocked: bool = False) -> Outcome[Any]:
    """The outcome as it is answered and kept.

    Args:
        outcome: Of the command.
        progress: The call.
        mocked: Whether a mock answered.
    """
    ready, mask = progress.ready, progress.mask
    try:
        slots = _as_json(outcome if progress.call.options.plan else _as_promised(outcome, ready.command), mask)
    except BadOutcome as error:
        slots = _as_json(failed(error), mask)
    metadata = slots["metadata"]
    metadata |= {
        "executionId": progress.id,
        "connector": ready.target.name,
        "command": ready.command.name,
        "resource": ready.command.name,
        "version": ready.definition.version,
        "durationMs": round(progress.duration_ms(), 3),
        "attempts": 1,
    }
    if ready.environment:
        metadata["environment"] = ready.environment
    if mocked:
        metadata["mock"] = True
    if progress.call.options.plan:
        metadata["plan"] = True
    if progress.lines is not None:
        metadata["log"] = progress.lines.kept
        metadata |= {"logLeftOut": progress.lines.left_out} if progress.lines.left_out else {}
    if progress.seen is not None:
        metadata["requests"] = mask.json(progress.seen.kept)
        metadata |= {"requestsLeftOut": progress.seen.left_out} if progress.seen.left_out else {}
    if progress.trail.last is not None:
        metadata |= _upstream(progress.trail.last, mask)
    if not slots["success"]:
        _judge(slots, progress)
    return Outcome(**slots)


def _judge(slots: dict[str, Any], progress: Progress) -> None:
    """Say of a failure whether the same call may do better later, and whether a write may have happened."""
    metadata, trail = slots["metadata"], progress.trail
    status = metadata.get("status") if slots["code"] == "upstream-status" else None
    undecided = status in UNDECIDED and trail.changing > 0 and not progress.ready.command.reads_only
    if undecided:
        slots["diagnostics"]["mayHaveHappened"] = True
    hopeful = status in RETRYABLE and (not undecided or trail.method in IDEMPOTENT)
    metadata["retryable"] = bool(metadata.get("retryable")) or hopeful


def _as_promised(outcome: Outcome[Any], command: CommandDefinition) -> Outcome[Any]:
    if not (command.strict_outputs and command.output_schema and outcome.success):
        return outcome
    if faults := faults_of(_json("payload", outcome.payload, NOTHING), command.output_schema):
        mismatch = OutputsMismatch(command=command.name, errors=[fault.to_json() for fault in faults])
        return replace(failed(mismatch), variables=outcome.variables)
    return outcome


def _as_json(outcome: Outcome[Any], mask: Mask) -> dict[str, Any]:
    """Every slot by its name, as plain JSON without secrets.

    Raises:
        BadOutcome: Something in it has no JSON form.
    """
    return {
        "success": outcome.success,
        "payload": _json("payload", outcome.payload, mask) if outcome.payload is not None else None,
        "variables": _json("variables", outcome.variables, mask) if outcome.variables else {},
        "diagnostics": _json("diagnostics", outcome.diagnostics, mask) if outcome.diagnostics else {},
        "error": sound_text(mask.text(outcome.error)) if outcome.error else outcome.error,
        "code": sound_text(mask.text(outcome.code)) if outcome.code else outcome.code,
        "metadata": _json("metadata", outcome.metadata, mask) if outcome.metadata else {},
    }


def _json(slot: str, value: Any, mask: Mask) -> Any:
    try:
        # Through bytes: what is answered in this process is what can be stored and sent.
        content = roomy_json(hints.to_json(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise BadOutcome(keys=[slot], hint=f"return plain JSON: {error}") from None
    plain = orjson.loads(content)
    return mask.json(plain) if mask.is_in(content) else plain


def _upstream(answer: Answer, mask: Mask) -> dict[str, Any]:
    """What the service's last answer tells about the call."""
    headers = {name.lower(): value for name, value in mask.clean(dict(answer.headers)).items()}
    told: dict[str, Any] = {
        "status": answer.status,
        "elapsedMs": round(answer.elapsed_ms, 3),
        "headers": {name: value for name, value in headers.items() if name not in _HIDDEN_HEADERS},
    }
    if "retry-after" in headers and answer.status >= 400:
        told["retryAfter"] = _retry_after(headers["retry-after"])
    return told


def _retry_after(value: str) -> float | str:
    """Seconds where the header has them, else the date as it stands. Source: RFC 9110, section 10.2.3."""
    return float(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
