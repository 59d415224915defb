"""Where in a script an error is: QuickJS counts bytes, and knows some places only nearly, or not at all."""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import sha256

from jackfield.errors import JackfieldError
from jackfield.execution.script.errors import ScriptInvalid
from jackfield.execution.script.sandbox import Sandbox

_NOTHING = "\n\x01"
"""No script goes on like this, so that what is before it is parsed and never run."""

_TRIED = 20

REMEMBERED = 64


def characters(source: str, line: int, column: int) -> int:
    """The column in characters, from 1, for one that is in bytes of UTF-8."""
    lines = source.split("\n")
    if source.isascii() or not 1 <= line <= len(lines):
        return column
    before = lines[line - 1].encode("utf-8", "surrogatepass")[: max(column - 1, 0)]
    return len(before.decode("utf-8", "ignore")) + 1


async def placed(error: ScriptInvalid, source: str, sandbox: Sandbox) -> ScriptInvalid:
    """The error of `source` with the place of what is wrong, if that is found; otherwise as it is."""
    reason, line = str(error.details["reason"]), int(error.details["line"])
    if not reason.startswith("SyntaxError: "):
        return error
    if reason.endswith(": ''") or line > source.rstrip().count("\n") + 1:
        return _at_the_end(source, reason)
    try:
        at = await _Search(source, reason, line, sandbox).place()
    except JackfieldError:  # no sandbox any more: the place is not worth another error
        return error
    return ScriptInvalid(reason=reason, line=at[0], column=at[1]) if at else error


class Places:
    """Remembers where the last mistakes were: a script that has one may be called again and again.

    Args:
        sandbox: Parses.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._found: dict[tuple[Hashable, str, str, int], ScriptInvalid] = {}

    async def of(self, error: ScriptInvalid, source: str, tenant: Hashable = "") -> ScriptInvalid:
        """As `placed`, in an error of its own."""
        digest = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        key = tenant, digest, str(error.details["reason"]), int(error.details["line"])
        if key not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[key] = await placed(error, source, self._sandbox)
        said = self._found[key].details
        return ScriptInvalid(reason=str(said["reason"]), line=int(said["line"]), column=int(said["column"]))


def _at_the_end(source: str, reason: str) -> ScriptInvalid:
    """Something is missing: behind the last thing that there is."""
    lines = source.rstrip().split("\n")
    return ScriptInvalid(reason=reason, line=len(lines), column=len(lines[-1]) + 1)


class _Search:
    """Looks for a mistake by having beginnings of the script parsed.

    A parser reads from left to right: it says the same of every beginning of the script that has the mistake, and
    something else of those that end before it. The shortest of the former ends with the mistake.

    Args:
        line: On which the mistake is; 0 if that is not known, as with regular expressions.
    """

    def __init__(self, source: str, reason: str, line: int, sandbox: Sandbox) -> None:
        self._source, self._reason, self._line, self._sandbox = source, reason, line, sandbox

    async def place(self) -> tuple[int, int] | None:
        """Line and column, both from 1; `None` if the engine says something else each time."""
        first, last = 0, len(self._source)
        if self._line:
            lines = self._source.split("\n")
            first = sum(len(each) + 1 for each in lines[: self._line - 1])
            last = first + len(lines[self._line - 1])
        if not await self._is_wrong(self._source[:last]):
            return None
        shortest, longest = first, last
        while shortest < longest:
            middle = (shortest + longest) // 2
            if await self._is_wrong(self._source[:middle]):
                longest = middle
            else:
                shortest = middle + 1
        begin = self._source.rfind("\n", 0, max(longest, 1)) + 1
        text = self._source[begin:longest]
        line = self._line or self._source.count("\n", 0, begin) + 1
        return line, _begin(text, self._reason) if self._line else await self._expression(text)

    async def _expression(self, text: str) -> int:
        """The column of the regular expression that `text` ends with."""
        at = len(text)
        for _ in range(_TRIED):
            at = text.rfind("/", 0, at)
            if at < 0:
                break
            if text[at - 1 : at] != "\\" and await self._is_wrong(text[at:], line=0):
                return at + 1
        return max(len(text), 1)

    async def _is_wrong(self, text: str, line: int | None = None) -> bool:
        try:
            await self._sandbox.check(text + _NOTHING)
        except ScriptInvalid as other:
            wanted = self._line if line is None else line
            return (other.details["reason"], other.details["line"]) == (self._reason, wanted)
        return False


def _begin(text: str, reason: str) -> int:
    """The column at which the last token of `text` begins, from 1; `reason` may name it."""
    named = reason.removesuffix("'").rpartition("'")[2] if reason.endswith("'") else ""
    if named and text.endswith(named):
        return len(text) - len(named) + 1
    return max(len(text), 1)
