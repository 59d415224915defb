"""OAuth 2.0: a type says where its service signs people in, and what for.

| key | |
|---|---|
| `grant` | `authorization_code` (a person signs in, the default), `client_credentials`, `jwt_bearer` or `device_code` |
| `issuer` | where the other addresses are found (RFC 8414), as far as they are not given |
| `authorizationUrl`, `tokenUrl`, `revocationUrl`, `deviceAuthorizationUrl` | with `{name}` for connection fields |
| `scopes`, `scopeSeparator` | what is asked for |
| `clientId`, `clientSecret` | of the app; a platform app or the credential's own where they are left out |
| `clientAuth` | `basic`, `body`, `none` or `private_key_jwt`: how the app shows who it is |
| `key` | a private key in PEM |
| `assertion` | what it signs: `{issuer, subject, audience, algorithm, keyId, lifetime, claims}` |
| `authorizationParams`, `tokenParams`, `switchParams` | further parameters; the last for choosing another account |
| `tokenPath` | where an answer has the token, where not at its top: `authed_user` |
| `name`, `prefix`, `location` | how the token is sent, where not as `Authorization: Bearer` |
| `expiry` | which answers mean that the token has expired: `{statuses: [401], path: "error.code", codes: [...]}` |
| `account` | who has signed in: `{url, path}`, asked once after signing in |
| `optional` | requests go out without a token where nobody has signed in |
| `field` or `secret` | a token that is pasted, where nobody signs in |

Source: RFC 6749, RFC 7636, RFC 7523, RFC 8628, RFC 8414, RFC 9700.
"""

from __future__ import annotations

from jackfield.definition.auth.oauth2_faults import GRANTS, OBJECTS, URLS, oauth2_faults, url_problem
from jackfield.definition.auth.simple import LOCATIONS
from jackfield.definition.auth.spec import Part, SchemeSpec

__all__ = ["CLIENT_AUTH", "GRANTS", "OAUTH2", "URLS", "url_problem"]

CLIENT_AUTH = ("basic", "body", "none", "private_key_jwt")

OAUTH2 = SchemeSpec(
    name="oauth2",
    parts={
        "accessToken": Part(label="Access token", required=False),
        "clientId": Part(label="Client ID", secret=False, required=False, may_be_empty=True),
        "clientSecret": Part(label="Client secret", required=False, may_be_empty=True),
        "key": Part(label="Private key (PEM)", required=False, may_be_empty=True),
    },
    whole="accessToken",
    keys={
        **dict.fromkeys(("issuer", *URLS, *OBJECTS), ()),
        **dict.fromkeys(("scopes", "scopeSeparator", "tokenPath", "name", "prefix", "optional"), ()),
        "grant": GRANTS,
        "clientAuth": CLIENT_AUTH,
        "location": LOCATIONS,
    },
    filled=("issuer", *URLS, *OBJECTS),
    also=oauth2_faults,
)
