"""Where in a script a syntax error is: QuickJS knows the line, and often a column of something that came before."""

from __future__ import annotations

from jackfield.errors import JackfieldError
from jackfield.execution.script.errors import ScriptInvalid
from jackfield.execution.script.sandbox import Sandbox

_NOTHING = "\n\x01"
"""No script goes on like this, so that what is before it is parsed and never run."""


async def placed(error: ScriptInvalid, source: str, sandbox: Sandbox) -> ScriptInvalid:
    """The error of `source` with the column of what is wrong, if that is found; otherwise as it is.

    A parser reads from left to right: it says the same of every beginning of the script that has the mistake, and
    something else of those that end before it. The shortest of the former ends with the mistake.
    """
    reason, line = str(error.details["reason"]), int(error.details["line"])
    lines = source.split("\n")
    if not reason.startswith("SyntaxError: ") or not 1 <= line <= len(lines):
        return error
    before, text = "".join(f"{each}\n" for each in lines[: line - 1]), lines[line - 1]

    async def wrong(length: int) -> bool:
        try:
            await sandbox.check(before + text[:length] + _NOTHING)
        except ScriptInvalid as other:
            return (other.details["reason"], other.details["line"]) == (reason, line)
        return False

    try:
        if not await wrong(len(text)):
            return error
        shortest, longest = 0, len(text)
        while shortest < longest:
            middle = (shortest + longest) // 2
            if await wrong(middle):
                longest = middle
            else:
                shortest = middle + 1
    except JackfieldError:  # no sandbox any more: the column is not worth another error
        return error
    return ScriptInvalid(reason=reason, line=line, column=_begin(text[:longest], reason))


def _begin(text: str, reason: str) -> int:
    """The column at which the last token of `text` begins, from 1; `reason` may name it."""
    named = reason.removesuffix("'").rpartition("'")[2] if reason.endswith("'") else ""
    if named and text.endswith(named):
        return len(text) - len(named) + 1
    return max(len(text), 1)
