"""What the journal refuses."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class Superseded(JackfieldError):
    """Another process has taken over the call while this one was stopped."""

    code = "superseded"
    status = 409
    retry = "later"

    def __init__(self, *, execution_id: str, owner: str, fence: int) -> None:
        super().__init__(
            f"execution `{execution_id}` is no longer held by `{owner}` with fence `{fence}`",
            hint=f"see execution `{execution_id}` for what became of it; with the same key it is not sent twice",
            execution_id=execution_id,
            owner=owner,
            fence=fence,
        )


class StepRecorded(JackfieldError):
    """This attempt of a run's step is in the journal already."""

    code = "step-recorded"
    status = 409
    retry = "never"

    def __init__(self, *, run_id: str, node: str, iteration: str, generation: int, attempt: int) -> None:
        which = f"`{node}`" + (f" (iteration `{iteration}`)" if iteration else "")
        super().__init__(
            f"attempt `{attempt}` of step {which} of run `{run_id}` is recorded already",
            hint="answer from what is recorded; a new try is a new attempt",
            run_id=run_id,
            node=node,
            iteration=iteration,
            generation=generation,
            attempt=attempt,
        )


class CursorInvalid(JackfieldError):
    """A list was continued from a place that it never named."""

    code = "cursor-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, cursor: str, of: str = "executions", hint: str = "") -> None:
        super().__init__(
            f"cursor `{cursor}` is none that a list of {of} has answered",
            hint=hint or "pass on `nextCursor` as it was answered, or leave it out to start anew",
            cursor=cursor,
        )
