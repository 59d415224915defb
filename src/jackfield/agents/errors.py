"""What cannot be done with a tool."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.definition.names import closest
from jackfield.errors import JackfieldError


class UnknownTool(JackfieldError):
    """A model named a tool that it was not given."""

    code = "unknown-tool"
    status = 404
    retry = "after_fix"

    def __init__(self, *, tool: str, known: Sequence[str]) -> None:
        close = closest(tool, known)
        super().__init__(
            f"there is no tool `{tool[:100]}` here",
            hint=f"did you mean `{close}`?" if close else "use only the tools that were offered",
            tool=tool[:100],
        )


class InvalidChoice(JackfieldError):
    """What is said of tools cannot be."""

    code = "invalid-tool-choice"
    status = 422
    retry = "after_fix"

    def __init__(self, *, where: str, problem: str, hint: str) -> None:
        super().__init__(f"`{where[:200]}` {problem}", hint=hint, where=where[:200])


class ToolNameTaken(JackfieldError):
    """Two tools would have one name."""

    code = "tool-name-taken"
    status = 422
    retry = "after_fix"

    def __init__(self, *, tool: str, first: str, second: str) -> None:
        super().__init__(
            f"`{first}` and `{second}` would both be the tool `{tool}`",
            hint="give one of them another `name`",
            tool=tool,
            first=first,
            second=second,
        )


class UnknownToolResult(JackfieldError):
    """A model asked for the result of a call that it did not make."""

    code = "unknown-tool-result"
    status = 404
    retry = "after_fix"

    def __init__(self, *, call: str) -> None:
        super().__init__(
            f"there is no result of a call `{call[:120]}` in this conversation",
            hint="give the `toolCallId` that a shortened result has named",
            call=call[:120],
        )


class UnknownField(JackfieldError):
    """A model asked for a field that a result does not have."""

    code = "unknown-result-field"
    status = 422
    retry = "after_fix"

    def __init__(self, *, field: str, known: Sequence[str]) -> None:
        close = closest(field, known)
        shown = ", ".join(f"`{name}`" for name in known[:30])
        super().__init__(
            f"the result has no field `{field[:100]}`",
            hint=f"did you mean `{close}`?" if close else f"it has {shown or 'none'}",
            field=field[:100],
        )


class ToolArgumentsUnreadable(JackfieldError):
    """The arguments that a model has written for a tool are no JSON object."""

    code = "tool-arguments-unreadable"
    status = 422
    retry = "after_fix"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            f"the arguments cannot be read: {problem}",
            hint="call the tool again with one JSON object of its params",
            problem=problem,
        )


class ToolBroken(JackfieldError):
    """A tool met something that nobody thought of."""

    code = "tool-broken"
    status = 500
    retry = "never"

    def __init__(self, *, tool: str) -> None:
        super().__init__(
            f"the tool `{tool[:100]}` did not work",
            hint="do without it, and say so; the log of the program says what happened",
            tool=tool[:100],
        )
