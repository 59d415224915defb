"""What can be wrong with signing in by OAuth 2.0, and with the tokens that came of it. No message holds one."""

from __future__ import annotations

from jackfield.credentials.errors import CredentialMissing
from jackfield.errors import JackfieldError


class ReauthorizationNeeded(JackfieldError):
    """What was granted is of no use any more; only a person can change that."""

    code = "reauthorization-needed"
    status = 422
    retry = "after_fix"

    def __init__(
        self, *, credential: str, connector: str, error: str, reason: str, credential_id: str | None = None
    ) -> None:
        again = f" --again {credential_id}" if credential_id else ""
        super().__init__(
            f"{credential} of the connector `{connector}` has ended: {reason} ({error})",
            hint=f"connect the account again: `jackfield credentials connect {connector}{again}`, or on the "
            "connector's page",
            credential=credential,
            credentialId=credential_id,
            connector=connector,
            error=error,
            reason=reason,
        )


class TokenRefreshFailed(JackfieldError):
    """No new token could be got now; trying again may help."""

    code = "token-refresh-failed"
    status = 503
    retry = "later"

    def __init__(self, *, credential: str, connector: str, error: str, reason: str, retry_after_s: float) -> None:
        super().__init__(
            f"no new token could be got for {credential} of the connector `{connector}`: {reason} ({error})",
            hint=f"the next attempt is made in {max(1, round(retry_after_s))} s; nothing that was granted is lost",
            credential=credential,
            connector=connector,
            error=error,
            reason=reason,
            retryAfter=max(1, round(retry_after_s)),
        )


class OAuthAppMissing(CredentialMissing):
    """There is no app to sign in with."""

    code = "oauth-app-missing"

    def __init__(self, *, connector: str, searched: list[str], hint: str) -> None:
        super().__init__(what=f"an OAuth app (a client ID) for `{connector}`", searched=searched, hint=hint)


class SignInFailed(JackfieldError):
    """Somebody wanted to connect an account, and the service did not let them, or not as it should."""

    code = "sign-in-failed"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, error: str, reason: str) -> None:
        super().__init__(
            f"the account could not be connected to `{connector}`: {reason} ({error})",
            hint="what was connected before is as it was; begin again, or correct the app's settings",
            connector=connector,
            error=error,
            reason=reason,
        )


class SignInInvalid(JackfieldError):
    """An answer to a sign-in that is not under way, or not in this browser."""

    code = "sign-in-invalid"
    status = 400
    retry = "after_fix"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            f"this sign-in cannot be finished: {problem}",
            hint="begin again from the connector's page; each sign-in works once, for ten minutes, in one browser",
            problem=problem,
        )


class SignInNotOffered(JackfieldError):
    """The connector's type has no such way to sign in."""

    code = "sign-in-not-offered"
    status = 409
    retry = "never"

    def __init__(self, *, connector: str, wanted: str, offered: str) -> None:
        super().__init__(
            f"the connector `{connector}` has no {wanted}: {offered}",
            hint="`jackfield types show` tells how a type signs its requests",
            connector=connector,
            wanted=wanted,
        )
