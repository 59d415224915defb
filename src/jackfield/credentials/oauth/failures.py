"""Why an exchange with an authorization server failed, and whether trying again may help.

Source: RFC 6749, section 5.2, and what services answer instead.
"""

from __future__ import annotations

from typing import Literal

from jackfield.definition.secret import Secret

Kind = Literal["ended", "client", "passing"]

ENDED = frozenset(
    {
        *("invalid_grant", "access_denied", "interaction_required", "login_required", "consent_required"),
        *("bad_refresh_token", "invalid_refresh_token", "refresh_token_expired", "invalid_token", "token_expired"),
        *("token_revoked", "account_inactive", "user_revoked", "invalid_auth", "bad_verification_code"),
        *("invalid_code", "code_already_used", "expired_token", "no_refresh_token"),
    }
)
"""What was granted is of no use any more: somebody has to sign in again."""

CLIENT = frozenset(
    {
        *("invalid_client", "unauthorized_client", "invalid_request", "invalid_scope", "unsupported_grant_type"),
        *("incorrect_client_credentials", "redirect_uri_mismatch", "bad_client_secret", "invalid_client_id"),
        *("unsupported_token_type", "no_token", "invalid_assertion"),
    }
)
"""The app or its settings are wrong. What was granted may work again once they are corrected."""


class ExchangeFailed(Exception):
    """An exchange gave no tokens. It never leaves this package: callers see a `JackfieldError`.

    Attributes:
        error: As the service names it, or as we name what it answered instead.
        reason: For people, without a secret.
        kind: `ended`, `client` or `passing`.
        retry_after_s: How long the service asks to wait; `None` where it does not.
        sent: The service may have carried it out all the same.
        refresh: A new refresh token that came all the same, beside an access token that is of no use.
    """

    def __init__(
        self,
        error: str,
        reason: str,
        *,
        kind: Kind | None = None,
        retry_after_s: float | None = None,
        sent: bool = True,
        refresh: Secret | None = None,
    ) -> None:
        super().__init__(f"{error}: {reason}")
        self.error = error
        self.reason = reason
        self.kind: Kind = kind or kind_of(error)
        self.retry_after_s = retry_after_s
        self.sent = sent
        self.refresh = refresh

    def again(self) -> ExchangeFailed:
        """The same for somebody else: an exception that is raised twice gathers the traces of both."""
        return ExchangeFailed(self.error, self.reason, kind=self.kind, retry_after_s=self.retry_after_s, sent=self.sent)


def kind_of(error: str) -> Kind:
    """What an error of an authorization server means; what nobody knows passes."""
    if error in ENDED:
        return "ended"
    return "client" if error in CLIENT else "passing"
