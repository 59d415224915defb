"""What can be wrong with a credential. No message ever holds its value."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.errors import Denied
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


class SecretNotAllowed(Denied):
    """Whoever set up a connector may not decide where a secret goes that it names."""

    code = "secret-not-allowed"
    status = 403
    retry = "after_fix"

    def __init__(self, *, secret: str) -> None:
        super().__init__(
            f"the connector may not use the secret `{secret}`: neither an administrator nor whoever put that secret "
            "has decided where its requests go",
            hint="let an administrator look where it sends them and `jackfield connectors approve` it, or make a "
            "connector of your own",
            secret=secret,
        )
