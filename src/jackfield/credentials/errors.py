"""What can be wrong with a credential. No message ever holds its value."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.errors import JackfieldError


class CredentialInvalid(JackfieldError):
    """A credential holds something that cannot be sent."""

    code = "credential-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, what: str, reason: str) -> None:
        super().__init__(
            f"the {what} cannot be sent: {reason}",
            hint="enter it again; a line break at the end is often copied along",
            what=what,
            reason=reason,
        )


class CredentialMissing(JackfieldError):
    """A credential that a connector declares is not there."""

    code = "credential-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, what: str, searched: Sequence[str], hint: str) -> None:
        super().__init__(
            f"the service needs {what}, which is not in {', '.join(searched)}",
            hint=hint,
            what=what,
            searched=list(searched),
        )
