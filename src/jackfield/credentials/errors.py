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

    def __init__(self, *, what: str, reason: str, hint: str = "") -> None:
        super().__init__(
            f"the {what} cannot be sent: {reason}",
            hint=hint or "enter it again; a line break at the end is often copied along",
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


class UnknownCredential(JackfieldError):
    """There is no such credential that the caller may use for this connector."""

    code = "unknown-credential"
    status = 404
    retry = "after_fix"

    def __init__(self, *, credential: str, known: Sequence[str]) -> None:
        named = ", ".join(f"`{name}`" for name in list(known)[:20])
        super().__init__(
            f"there is no credential `{credential}` that the caller may use here",
            hint=f"there are {named}" if named else "`jackfield credentials list` shows what there is",
            credential=credential,
            known=list(known)[:20],
        )


class CredentialNotAllowed(Denied):
    """Whoever set up a connector may not decide where a credential goes."""

    code = "credential-not-allowed"
    status = 403
    retry = "after_fix"

    def __init__(self, *, credential: str, connector: str) -> None:
        super().__init__(
            f"the credential `{credential}` may not be used with the connector `{connector}`: neither an administrator "
            "nor whoever put the credential has decided where its requests go",
            hint="let an administrator look where it sends them and `jackfield connectors approve` it, or make a "
            "connector of your own",
            credential=credential,
            connector=connector,
        )


class CallerTokenNotAllowed(Denied):
    """A connector wants to forward the caller's token to a host that nobody has opened for that."""

    code = "caller-token-not-allowed"
    status = 403
    retry = "after_fix"

    def __init__(self, *, host: str, reason: str, setting: str) -> None:
        super().__init__(
            f"the caller's token may not go to `{host}`: {reason}",
            hint=f"let whoever runs this installation add the host to `{setting}`, if it may see the tokens of callers",
            host=host,
            reason=reason,
            setting=setting,
        )
