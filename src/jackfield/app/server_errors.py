"""What can keep a server from starting."""

from __future__ import annotations

from jackfield.errors import JackfieldError


class AddressUnusable(JackfieldError):
    """The server cannot listen where it was told to."""

    code = "address-unusable"
    status = 500
    retry = "after_fix"

    def __init__(self, *, host: str, port: int, reason: str, in_use: bool) -> None:
        taken = "another program listens there: stop it, or choose another port"
        super().__init__(
            f"the server cannot listen on `{host}:{port}`: {reason}",
            hint=f"{taken if in_use else 'choose another address'} with `--host` and `--port`",
            host=host,
            port=port,
        )


class AdminTokenRefused(JackfieldError):
    """The administrator's token that the settings give cannot be used."""

    code = "admin-token-refused"
    status = 500
    retry = "after_fix"

    def __init__(self, *, problem: str, hint: str = "set another one: `openssl rand -hex 24` makes it") -> None:
        super().__init__(f"the token in `JACKFIELD_ADMIN_TOKEN` cannot be used: {problem}", hint=hint, problem=problem)
