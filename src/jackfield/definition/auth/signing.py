"""The schemes that sign each request anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.auth.signed_text import OF_A_VALUE, PARTS, problem_of
from jackfield.definition.auth.simple import LOCATIONS
from jackfield.definition.auth.spec import Faults, Part, SchemeSpec

STANDARD_WEBHOOKS = "standard-webhooks"
HMAC_ALGORITHMS = ("sha256", "sha1", "sha512")
ENCODINGS = ("hex", "base64", "base64url")
KEY_ENCODINGS = ("text", "hex", "base64")
TIME_FORMATS = ("seconds", "milliseconds", "iso")
JWT_ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA")
LONGEST_JWT_S = 3600
"""Seconds that a token may live: one that somebody reads along is of no use tomorrow."""

_CLAIMS_OF_OURS = frozenset({"iss", "sub", "aud", "iat", "exp", "jti"})


def _texts(auth: Mapping[str, Any], *keys: str) -> Faults:
    for key in keys:
        if not isinstance(auth.get(key, ""), str):
            yield (key,), "it is no text", "write it in quotes"


def _hmac(auth: Mapping[str, Any]) -> Faults:
    yield from _texts(auth, "header", "prefix", "timestampHeader", "nonceHeader", "keyIdHeader")
    preset = auth.get("preset") == STANDARD_WEBHOOKS
    said = [key for key in HMAC.keys if key in auth and key != "preset"]
    if preset and said:
        yield (said[0],), f"`{STANDARD_WEBHOOKS}` says it already", "leave it out, or the preset"
    if not preset and "text" not in auth:
        yield ("text",), "it is missing", "say what is signed, for example `{timestamp}.{body}`, or a `preset`"
    for key, known in (("text", PARTS), ("value", OF_A_VALUE)):
        if key in auth and (problem := problem_of(auth[key], known=known)):
            yield (key,), problem, f"parts are {', '.join(f'`{{{name}}}`' for name in sorted(known))}"
    if isinstance(value := auth.get("value", "{signature}"), str) and "{signature}" not in value:
        yield ("value",), "it has no `{signature}`", "put `{signature}` where it goes"


def _jwt(auth: Mapping[str, Any]) -> Faults:
    yield from _texts(auth, "name", "prefix")
    lifetime = auth.get("lifetime", 1)
    if not isinstance(lifetime, int) or isinstance(lifetime, bool) or not 1 <= lifetime <= LONGEST_JWT_S:
        yield ("lifetime",), f"it is no number of seconds from 1 to {LONGEST_JWT_S}", "300 is usual"
    claims = auth.get("claims", {})
    if not isinstance(claims, Mapping):
        yield ("claims",), "it is no object", 'for example `{"scope": "read"}`'
    elif taken := _CLAIMS_OF_OURS & set(claims):
        name = min(taken)
        yield ("claims", name), "it is written from the other keys", "use `issuer`, `subject`, `audience` or `lifetime`"


AWS_SIGV4 = SchemeSpec(
    name="aws_sigv4",
    parts={
        "accessKeyId": Part(label="Access key ID", secret=False, goes_with="secretAccessKey"),
        "secretAccessKey": Part(label="Secret access key"),
        "sessionToken": Part(label="Session token", required=False, may_be_empty=True, goes_with="secretAccessKey"),
        "region": Part(label="Region", secret=False),
        "service": Part(label="Service, such as `execute-api` or `s3`", secret=False),
    },
    keys={"mode": ("standard", "s3")},
)

HMAC = SchemeSpec(
    name="hmac",
    parts={
        "key": Part(label="Signing key"),
        "keyId": Part(label="Key ID", secret=False, required=False, goes_with="key"),
    },
    whole="key",
    keys={
        "preset": (STANDARD_WEBHOOKS,),
        "algorithm": HMAC_ALGORITHMS,
        "encoding": ENCODINGS,
        "keyEncoding": KEY_ENCODINGS,
        "timestampFormat": TIME_FORMATS,
        **dict.fromkeys(("text", "value", "header", "prefix", "timestampHeader", "nonceHeader", "keyIdHeader"), ()),
    },
    also=_hmac,
)

JWT = SchemeSpec(
    name="jwt",
    parts={
        "key": Part(label="Signing key: a private key in PEM, or the shared one"),
        "issuer": Part(label="Issuer", secret=False, required=False, goes_with="key"),
        "subject": Part(label="Subject", secret=False, required=False, goes_with="key"),
        "audience": Part(label="Audience", secret=False, required=False, goes_with="key"),
        "keyId": Part(label="Key ID", secret=False, required=False, goes_with="key"),
    },
    whole="key",
    keys={
        "algorithm": JWT_ALGORITHMS,
        "keyEncoding": KEY_ENCODINGS,
        "location": LOCATIONS,
        **dict.fromkeys(("lifetime", "claims", "name", "prefix"), ()),
    },
    also=_jwt,
)

DIGEST = SchemeSpec(
    name="digest",
    parts={"username": Part(label="User name", secret=False, goes_with="password"), "password": Part(label="Password")},
)

MTLS = SchemeSpec(
    name="mtls",
    parts={
        "certificate": Part(label="Certificate and those above it (PEM)", secret=False),
        "key": Part(label="Private key (PEM)"),
        "passphrase": Part(label="Passphrase of the private key", required=False, may_be_empty=True),
    },
)

SIGNING = (AWS_SIGV4, HMAC, JWT, DIGEST, MTLS)
