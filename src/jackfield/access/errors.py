"""What a caller may not do, and callers that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from jackfield.errors import JackfieldError


class Denied(JackfieldError):
    """The caller is known and may not do this. What raises it writes the attempt into the audit log."""


class ScopeMissing(Denied):
    """The caller's token does not allow what was asked."""

    code = "scope-missing"
    status = 403
    retry = "after_fix"

    def __init__(self, *, user: str, scope: str, scopes: Sequence[str]) -> None:
        allowed = ", ".join(f"`{name}`" for name in scopes) or "nothing"
        super().__init__(
            f"the token of `{user}` does not allow `{scope}`",
            hint=f"use a token with that scope; this one allows {allowed}",
            user=user,
            scope=scope,
            scopes=list(scopes),
        )


class AdminRequired(Denied):
    """Only an administrator may do this."""

    code = "admin-required"
    status = 403
    retry = "after_fix"

    def __init__(self, *, user: str, action: str) -> None:
        super().__init__(
            f"`{user}` may not {action}: that takes an administrator",
            hint="ask an administrator; `jackfield users list` names them",
            user=user,
            action=action,
        )


class NotOwner(Denied):
    """It is another user's, and only its owner or an administrator may change it."""

    code = "not-owner"
    status = 403
    retry = "after_fix"

    def __init__(self, *, user: str, what: str, name: str) -> None:
        super().__init__(
            f"{what} `{name}` is not `{user}`'s to change",
            hint="ask whoever made it, or an administrator; or make one of your own under another name",
            user=user,
            what=what,
            name=name,
        )


class TokenUnknown(JackfieldError):
    """The token that came with a request is none of this installation's."""

    code = "token-unknown"
    status = 401
    retry = "after_fix"

    def __init__(self) -> None:
        super().__init__(
            "the token is not known here",
            hint="send a whole token of this installation; `jackfield users token NAME` makes one",
        )


class TokenExpired(JackfieldError):
    """The token was made for a limited time, which is over."""

    code = "token-expired"
    status = 401
    retry = "after_fix"

    def __init__(self, *, token: str, user: str) -> None:
        super().__init__(
            f"the token `{token}` of `{user}` has expired",
            hint=f"`jackfield users token {user}` makes a new one",
            token=token,
            user=user,
        )


class TokenRevoked(JackfieldError):
    """The token was taken back."""

    code = "token-revoked"
    status = 401
    retry = "after_fix"

    def __init__(self, *, token: str, user: str) -> None:
        super().__init__(
            f"the token `{token}` of `{user}` was revoked",
            hint="ask an administrator whether you may have another one",
            token=token,
            user=user,
        )


class GatewayTokenMisplaced(Denied):
    """The token is that of a gateway, and counts nowhere else."""

    code = "gateway-token-misplaced"
    status = 403
    retry = "after_fix"

    def __init__(self, *, user: str) -> None:
        super().__init__(
            f"this token of `{user}` counts at the MCP endpoint of one gateway only",
            hint="ask `/mcp/NAME` of that gateway with it, or use a token of a user",
            user=user,
        )


class GatewayDisabled(JackfieldError):
    """The gateway is switched off for now."""

    code = "gateway-disabled"
    status = 409
    retry = "after_fix"

    def __init__(self, *, gateway: str) -> None:
        super().__init__(
            f"gateway `{gateway[:120]}` is disabled",
            hint="ask whoever runs it; `jackfield gateways update NAME --enabled` lets it go on",
            gateway=gateway[:120],
        )


class SessionEnded(JackfieldError):
    """Nobody is signed in any more in the browser that asks."""

    code = "session-ended"
    status = 401
    retry = "after_fix"

    def __init__(self) -> None:
        super().__init__("nobody is signed in here, or not any more", hint="sign in again, with an API token")


class TooManyAttempts(JackfieldError):
    """Somebody at that address has tried too many tokens that are none."""

    code = "too-many-attempts"
    status = 429
    retry = "later"

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(
            "too many attempts to sign in have failed, and this one has too",
            hint=f"try again in {retry_after_s} seconds; a token that is right is let in at once",
            retry_after_s=retry_after_s,
        )


class UserDisabled(JackfieldError):
    """The user that the token belongs to may do nothing for now."""

    code = "user-disabled"
    status = 401
    retry = "after_fix"

    def __init__(self, *, user: str) -> None:
        super().__init__(
            f"the user `{user}` is disabled",
            hint=f"an administrator can allow it again with `jackfield users enable {user}`",
            user=user,
        )


class IssuerTokenRefused(JackfieldError):
    """The token looks like one of the company's issuer, and does not count here."""

    code = "issuer-token-refused"
    status = 401
    retry = "after_fix"

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the token of the issuer is refused: {reason}",
            hint="get a new one from the issuer, for the audience in `JACKFIELD_OIDC_AUDIENCE`",
            reason=reason,
        )


class IssuerUnavailable(JackfieldError):
    """Tokens of the company's issuer cannot be checked, since its keys cannot be had."""

    code = "issuer-unavailable"
    status = 503
    retry = "later"

    def __init__(self, *, issuer: str, reason: str) -> None:
        super().__init__(
            f"the issuer `{issuer}` cannot be asked for its keys: {reason}",
            hint="try again later; tokens of this installation work meanwhile",
            issuer=issuer,
            reason=reason,
        )


class IdentityUnknown(JackfieldError):
    """The token is good, and no user of this installation is linked to whoever it belongs to."""

    code = "identity-unknown"
    status = 401
    retry = "after_fix"

    def __init__(self, *, issuer: str, subject: str) -> None:
        super().__init__(
            f"no user is linked to the subject `{subject}` of `{issuer}`",
            hint=f"ask an administrator: `jackfield users link NAME --subject {quote(subject)}`",
            issuer=issuer,
            subject=subject,
        )
