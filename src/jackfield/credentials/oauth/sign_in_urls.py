"""The address at which a person signs in.

Source: RFC 6749, section 4.1.1; RFC 7636, section 4.3; RFC 9700, section 2.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.credentials.oauth.settings import OAuthSettings

CHOOSE_AGAIN: Mapping[str, str] = {"prompt": "select_account consent"}
"""What most services understand as the wish to sign in as somebody else."""


def challenge_of(verifier: str) -> str:
    """What the service is told of a verifier beforehand. `plain` is never used, so nobody can ask for it."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

    return str(create_s256_code_challenge(verifier))


def sign_in_url(
    page: str,
    settings: OAuthSettings,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    challenge: str,
    switch: bool,
) -> str:
    """The address for one sign-in.

    Args:
        page: Where the service signs people in; it may have a query of its own.
        settings: Whose further parameters go along. None of them can stand in the place of ours.
        switch: Whether the person wants to choose another account.
    """
    from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]

    more = dict(settings.authorization_params)
    if switch:
        more |= dict(settings.switch_params) or CHOOSE_AGAIN
    ours = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        **({"scope": settings.scope_separator.join(settings.scopes)} if settings.scopes else {}),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    own = {name: value for name, value in more.items() if name not in _OURS}
    return str(add_params_to_uri(page, list((own | ours).items())))


_OURS = frozenset(
    {
        *("response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"),
        *("response_mode", "request", "request_uri"),
    }
)
"""`response_mode` would bring the answer where it is not read, and a request object would say all of it otherwise."""
