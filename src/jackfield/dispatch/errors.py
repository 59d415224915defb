"""What can keep a call from being made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.errors import JackfieldError


class InvalidOption(JackfieldError):
    """An option of a call is unknown, given twice, or out of its bounds."""

    code = "invalid-option"
    status = 422
    retry = "after_fix"

    def __init__(self, *, option: str, problem: str, hint: str) -> None:
        super().__init__(f"option `{option}` {problem}", hint=hint, option=option)


class OptionNotSupported(JackfieldError):
    """An option of a call is known, but nothing here carries it out."""

    code = "option-not-supported"
    status = 422
    retry = "after_fix"

    def __init__(self, *, option: str, by: str = "this version") -> None:
        super().__init__(
            f"option `{option}` is not supported by {by}",
            hint="leave it out; ignoring it silently would not do what you asked for",
            option=option,
        )


class ConnectorDisabled(JackfieldError):
    """The connector is switched off."""

    code = "connector-disabled"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str) -> None:
        super().__init__(f"connector `{connector}` is disabled", hint="enable it", connector=connector)


class MockMissing(JackfieldError):
    """A mock was asked for, and the command has none, or none of that name."""

    code = "mock-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, command: str, scenario: str, known: Sequence[str]) -> None:
        listed = ", ".join(f"`{name}`" for name in known)
        super().__init__(
            f"command `{command}` of `{connector}` has no mock scenario `{scenario}`",
            hint=f"it has {listed}" if known else "it has no mocks: call it without `useMock`",
            connector=connector,
            command=command,
            scenario=scenario,
            known=list(known),
        )


class OutputsMismatch(JackfieldError):
    """The payload does not match the outputs that the command promises strictly."""

    code = "outputs-mismatch"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, command: str, errors: list[dict[str, Any]]) -> None:
        told = "; ".join(f"`{error['pointer'] or '/'}`: {error['message']}" for error in errors)
        super().__init__(
            f"command `{command}` answered what its outputs do not allow: {told}",
            hint="correct the command, or its declared outputs",
            command=command,
            errors=errors,
        )


class RecordFailed(JackfieldError):
    """The call was made, and what it has come to could not be kept."""

    code = "record-failed"
    status = 503
    retry = "never"

    def __init__(self, *, execution_id: str, reason: JackfieldError) -> None:
        super().__init__(
            f"execution `{execution_id}` was carried out, but its outcome could not be recorded: {reason.message}",
            hint=f"mend the database first ({reason.hint}); do not repeat a write before you know what it did",
            execution_id=execution_id,
            reason=reason.code,
        )


class CallInProgress(JackfieldError):
    """A write with this idempotency key is being carried out."""

    code = "in-progress"
    status = 409
    retry = "later"

    def __init__(self, *, execution_id: str) -> None:
        super().__init__(
            f"a call with this idempotency key is in progress as execution `{execution_id}`",
            hint="ask again with the same key: once it has ended, its outcome is the answer",
            execution_id=execution_id,
        )


class KeyReuse(JackfieldError):
    """An idempotency key came with other params than before."""

    code = "idempotency-key-reused"
    status = 409
    retry = "after_fix"

    def __init__(self, *, execution_id: str) -> None:
        super().__init__(
            f"this idempotency key belongs to execution `{execution_id}`, which has other params",
            hint="use a new key for a new call, or repeat the call with the params it had",
            execution_id=execution_id,
        )


class UnknownOutcome(JackfieldError):
    """The write of this idempotency key may have happened, so it is not repeated."""

    code = "unknown-outcome"
    status = 409
    retry = "never"

    def __init__(self, *, execution_id: str) -> None:
        super().__init__(
            f"execution `{execution_id}` of this idempotency key was sent, and nobody knows what became of it",
            hint="look at the service whether it happened; if it did not, call again with a new key",
            execution_id=execution_id,
        )


class ApprovalMissing(JackfieldError):
    """A connector needs the approval of an administrator before it can be called."""

    code = "approval-missing"
    status = 403
    retry = "after_fix"

    def __init__(self, *, connector: str) -> None:
        super().__init__(
            f"connector `{connector}` is of a type that an administrator has to approve, and none has",
            hint=f"ask an administrator to look at it, and to run `jackfield connectors approve {connector}`",
            connector=connector,
        )


class CommandWrites(JackfieldError):
    """A command that may change something was asked for where only reading is allowed."""

    code = "command-writes"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str, command: str) -> None:
        super().__init__(
            f"command `{command}` of `{connector}` may change something, and only reading is allowed here",
            hint="call it with `POST .../execute`; a command that changes nothing says so with `reads_only`",
            connector=connector,
            command=command,
        )
