"""What is made of an answer: the payload, or a failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.outcome import Outcome, fail, succeed
from jackfield.definition.wire import Answer
from jackfield.errors import JackfieldError, UpstreamStatus
from jackfield.execution.errors import ResponsePathMissing
from jackfield.execution.http.plan import Meaning, Plan
from jackfield.execution.payloads import payload
from jackfield.execution.templates import Template


def read_answer(plan: Plan, answer: Answer, variables: Mapping[str, Any]) -> Outcome[Any]:
    """The outcome of a call that was answered."""
    return replace(_outcome(plan, answer, variables), metadata={"status": answer.status})


def _outcome(plan: Plan, answer: Answer, variables: Mapping[str, Any]) -> Outcome[Any]:
    if answer.status >= 400 and plan.errors is not None:
        meaning = _meaning(plan.errors, answer.status)
        if meaning == "empty":
            return succeed()
        if meaning != "ok":
            return _failure(plan, answer, meaning, variables)
    try:
        return succeed(extract(payload(plan.answer, answer), plan.part, path=plan.part_text))
    except ResponsePathMissing as error:
        return fail(error.message, code=error.code, diagnostics={**error.details, **_facts(answer)})


def extract(value: Any, steps: tuple[str | int | None, ...], *, path: str) -> Any:
    """The part of `value` that `steps` lead to; `None` as a step goes through a list.

    Raises:
        ResponsePathMissing: There is no such part.
    """
    for index, step in enumerate(steps):
        if step is None:
            if not isinstance(value, list):
                raise ResponsePathMissing(path=path, missing="[*]")
            return [extract(item, steps[index + 1 :], path=path) for item in value]
        try:
            value = _member(value, step)
        except LookupError:
            raise ResponsePathMissing(path=path, missing=str(step)) from None
    return value


def _member(value: Any, step: str | int) -> Any:
    if isinstance(value, dict) and isinstance(step, str):
        return value[step]
    if isinstance(value, list) and isinstance(step, int):
        return value[step]
    raise LookupError(step)


def _meaning(errors: Mapping[str, Meaning], status: int) -> Meaning | None:
    return errors.get(str(status)) or errors.get(f"{status // 100}xx")


def _failure(plan: Plan, answer: Answer, message: Template | None, variables: Mapping[str, Any]) -> Outcome[Any]:
    # The path of the definition and not the URL: a filled path may hold a key.
    words = UpstreamStatus(status=answer.status, url=f"{plan.method} {plan.path.text}").message
    if message is not None:
        seen = {**variables, "status": answer.status, "body": answer.body, "headers": dict(answer.headers)}
        words = _rendered(message, seen) or words
    return fail(words, code=UpstreamStatus.code, diagnostics=_facts(answer))


def _rendered(message: Template, variables: Mapping[str, Any]) -> str:
    """The message; empty where the answer is not as its author expected, for the status must still be told."""
    try:
        return str(message.render(variables))
    except JackfieldError:
        return ""


def _facts(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "body": answer.preview()}
