"""What keeps a request from reaching the tools at all."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class HostRefused(JackfieldError):
    """A request was meant for another server, or sent by another site's page."""

    code = "host-refused"
    status = 421
    retry = "after_fix"

    def __init__(self, *, header: str, given: str) -> None:
        super().__init__(
            f"the header `{header}` is `{given[:100]}`, which is none of this server's names",
            hint="use an address or `localhost`, or set `JACKFIELD_PUBLIC_URL` to the name that people use",
            header=header,
            given=given[:100],
        )


class TooManyMcpSessions(JackfieldError):
    """A caller has as many MCP sessions open as one may have."""

    code = "too-many-mcp-sessions"
    status = 429
    retry = "later"

    def __init__(self, *, sessions: int) -> None:
        super().__init__(
            f"you have `{sessions}` MCP sessions open",
            hint="end some with DELETE, or wait: those that nobody uses end by themselves",
            sessions=sessions,
        )
