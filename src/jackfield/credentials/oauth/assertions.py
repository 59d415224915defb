"""JWTs that an app signs to show who it is.

Source: RFC 7521, RFC 7523; RFC 8725 for algorithms.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.definition.secret import Secret

LIFE_S = 300
MAX_LIFE_S = 3600
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


def assertion(settings: OAuthSettings, app: App, *, audience: str) -> Secret:
    """The assertion of the JWT bearer grant.

    Args:
        audience: The token endpoint, for which it is where `assertion` names no other.

    Raises:
        ExchangeFailed: There is no key.
        CredentialInvalid: The key cannot be read.
    """
    said = settings.assertion
    claims = {
        "iss": said.get("issuer") or app.client_id,
        "sub": said.get("subject") or said.get("issuer") or app.client_id,
        "aud": said.get("audience") or audience,
        **(said.get("claims") or {}),
    }
    if settings.scopes and "scope" not in claims:
        claims["scope"] = settings.scope_separator.join(settings.scopes)
    return _signed(settings, app, claims)


def client_assertion(settings: OAuthSettings, app: App, audience: str) -> tuple[str, Any]:
    """A client authentication method for Authlib: `private_key_jwt`."""

    def authenticate(auth: Any, method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
        from authlib.common.urls import add_params_to_qs  # type: ignore[import-untyped]

        claims = {"iss": app.client_id, "sub": app.client_id, "aud": audience}
        signed = _signed(settings, app, claims).reveal()
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        text = body.decode() if isinstance(body, bytes) else body or ""
        added = [("client_assertion_type", kind), ("client_assertion", signed), ("client_id", app.client_id)]
        return uri, headers, add_params_to_qs(text, added)

    return "private_key_jwt", authenticate


def _signed(settings: OAuthSettings, app: App, claims: dict[str, Any]) -> Secret:
    from joserfc import jwt
    from joserfc.errors import JoseError

    if app.key is None:
        raise ExchangeFailed("invalid_client", "there is no private key to sign with", kind="client", sent=False)
    said, now = settings.assertion, int(time.time())
    algorithm = str(said.get("algorithm") or "RS256")
    if algorithm not in ALGORITHMS:
        raise CredentialInvalid(
            what="assertion", reason=f"`{algorithm[:20]}` is none of {', '.join(sorted(ALGORITHMS))}"
        )
    life = said.get("lifetime")
    life_s = life if isinstance(life, int) and 0 < life <= MAX_LIFE_S else LIFE_S
    header = {"alg": algorithm, "typ": "JWT"} | ({"kid": str(said["keyId"])} if said.get("keyId") else {})
    timed = {"iat": now - 5, "exp": now + life_s, "jti": str(uuid.uuid4())} | claims
    try:
        return Secret(jwt.encode(header, timed, _key(algorithm, app.key), algorithms=[algorithm]))
    except (JoseError, ValueError, TypeError):
        raise CredentialInvalid(what="private key", reason=f"it does not sign with {algorithm}") from None


def _key(algorithm: str, key: Secret) -> Any:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    kind = {"E": ECKey if algorithm.startswith("ES") else OKPKey}.get(algorithm[0], RSAKey)
    return kind.import_key(key.reveal().replace("\\n", "\n"))
