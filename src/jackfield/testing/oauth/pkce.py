"""Proof that who brings a code is who asked for it."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from jackfield.testing.oauth.refusal import need

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")


def read_challenge(params: Mapping[str, str], *, needed: bool) -> str | None:
    """The challenge of a request for authorization.

    Raises:
        Refused: It is missing where it is needed, or not S256: `plain` shows the verifier to who reads the request.

    Source: RFC 7636, section 4.3; RFC 9700, section 2.1.1.
    """
    challenge = params.get("code_challenge")
    if challenge is None:
        need(not needed, "invalid_request", "code_challenge is required")
        return None
    need(params.get("code_challenge_method") == "S256", "invalid_request", "code_challenge_method has to be S256")
    need(_CHALLENGE.fullmatch(challenge) is not None, "invalid_request", "code_challenge is no S256 value")
    return challenge


def check_verifier(challenge: str | None, verifier: str | None) -> None:
    """Do nothing if the verifier belongs to the challenge.

    Raises:
        Refused: It does not; or one of the two is missing, which is how a downgrade looks.

    Source: RFC 7636, section 4.6; RFC 9700, section 4.8.2.
    """
    if challenge is None:
        need(verifier is None, "invalid_grant", "a code_verifier without a code_challenge before it")
        return
    need(verifier is not None, "invalid_grant", "code_verifier is required")
    assert verifier is not None  # noqa: S101 - for the type checker
    need(_VERIFIER.fullmatch(verifier) is not None, "invalid_grant", "code_verifier is malformed")
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    need(hmac.compare_digest(digest, challenge), "invalid_grant", "code_verifier does not fit the code_challenge")
