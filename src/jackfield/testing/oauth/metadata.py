"""What the server says of itself.

Source: RFC 8414; OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from jackfield.testing.oauth.authority import Authority
from jackfield.testing.oauth.exchange import Answer, Asked
from jackfield.testing.oauth.parties import GRANTS


def places(issuer: str) -> tuple[str, ...]:
    """The paths at which metadata lie: the well-known name goes before the path of the issuer, or after it."""
    path = urlsplit(issuer).path.rstrip("/")
    connect = {f"{path}/.well-known/openid-configuration", f"/.well-known/openid-configuration{path}"}
    return (f"/.well-known/oauth-authorization-server{path}", *sorted(connect))


def metadata(authority: Authority, asked: Asked) -> Answer:
    """The metadata, if there are any."""
    del asked
    if not authority.rules.discoverable:
        return Answer(status=404, body={"error": "there are no metadata here"})
    methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
    return Answer(
        body={
            "issuer": authority.issuer,
            "authorization_endpoint": authority.endpoint("authorize"),
            "token_endpoint": authority.endpoint("token"),
            "device_authorization_endpoint": authority.endpoint("device"),
            "revocation_endpoint": authority.endpoint("revoke"),
            "introspection_endpoint": authority.endpoint("introspect"),
            "jwks_uri": authority.endpoint("jwks"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANTS),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": methods,
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": authority.rules.names_issuer,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
    )


def jwks(authority: Authority, asked: Asked) -> Answer:
    """The key that identities are signed with."""
    del asked
    return Answer(body=authority.signer.jwks())
