"""What can be wrong with a definition, and with what a command returns."""

from __future__ import annotations

from typing import Any

from jackfield.definition.faults import MAX_FAULTS, Fault
from jackfield.errors import JackfieldError


class InvalidDefinition(JackfieldError):
    """A connector type is not defined as it must be."""

    code = "invalid-definition"
    status = 422
    retry = "after_fix"

    def __init__(self, message: str, *, hint: str, **details: Any) -> None:
        super().__init__(message, hint=hint, **details)


class OpenApiInvalid(InvalidDefinition):
    """A document cannot be read as an OpenAPI document at all."""

    code = "openapi-invalid"

    def __init__(self, *, reason: str, hint: str, place: str = "", line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}" if line else ""
        details = {"place": place, "line": line, "column": column}
        super().__init__(
            " ".join(filter(None, (f"`{place}`" if place else "the document", where and f"({where})", reason))),
            hint=hint,
            reason=reason,
            **{name: value for name, value in details.items() if value},
        )


class InvalidName(JackfieldError):
    """A name has characters or a length that names may not have."""

    code = "invalid-name"
    status = 422
    retry = "after_fix"

    def __init__(self, *, what: str, name: str, reserved: bool = False, hint: str = "") -> None:
        hint = hint or "use 1 to 100 letters, digits, `-` and `_`, beginning with a letter"
        super().__init__(
            f"`{name[:120]}` is {'reserved, and so ' if reserved else ''}not a valid {what} name",
            hint=f"choose another, for example `my-{name}`" if reserved else hint,
            field="name",
            what=what,
            name=name[:120],
        )


class NamesFallTogether(JackfieldError):
    """Two names of one definition differ only in case style, so a caller could not tell them apart."""

    code = "names-fall-together"
    status = 422
    retry = "after_fix"

    def __init__(self, *, what: str, first: str, second: str, where: str) -> None:
        super().__init__(
            f"{what} `{first}` and `{second}` of {where} differ only in case style",
            hint=f"rename one of them, for example `{second}_2`",
            what=what,
            first=first,
            second=second,
            where=where,
        )


SLOTS = ("success", "payload", "variables", "diagnostics", "error", "code", "metadata")
"""The parts of an outcome."""


class BadOutcome(JackfieldError):
    """A command returned an object that is no outcome."""

    code = "bad-outcome"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, keys: list[str], hint: str) -> None:
        named = ", ".join(f"`{key}`" for key in keys)
        if set(keys) <= set(SLOTS):
            said = f"the command returned an outcome whose {named} cannot be used"
        else:
            said = f"the command returned {named}, which is no part of an outcome ({', '.join(SLOTS[:-1])})"
        super().__init__(said, hint=hint, keys=keys)


class CommandFailed(JackfieldError):
    """The command ran and reported a failure."""

    code = "command-failed"
    status = 502
    ran = True

    def __init__(self, *, outcome: dict[str, Any]) -> None:
        super().__init__(
            outcome.get("error") or "the command failed",
            hint="its `diagnostics` say more",
            outcome=outcome,
        )


class InvalidSchema(JackfieldError):
    """A params or field schema is no JSON Schema, or refers to another document."""

    code = "invalid-schema"
    status = 422
    retry = "after_fix"

    def __init__(self, *, reason: str, where: str = "") -> None:
        super().__init__(
            f"the schema{' of ' + where if where else ''} cannot be used: {reason}",
            hint="give a self-contained JSON Schema, draft 2020-12",
            reason=reason,
            where=where,
        )


class InvalidParams(JackfieldError):
    """The params of a call, or the fields of a connection, do not match their schema."""

    code = "invalid-params"
    status = 422
    retry = "after_fix"

    def __init__(self, *, faults: list[Fault], where: str, hint: str) -> None:
        found, faults = len(faults), faults[:MAX_FAULTS]
        missing = [fault.missing for fault in faults if fault.missing]
        parts = [f"Missing required field(s): {', '.join(missing)}"] if missing else []
        parts += [f"`{fault.pointer or '/'}`: {fault.message}" for fault in faults if not fault.missing]
        parts += ["there is more"] if found > MAX_FAULTS else []
        super().__init__(
            "; ".join(parts),
            hint=hint,
            where=where,
            missing=missing,
            errors=[fault.to_json() for fault in faults],
        )
