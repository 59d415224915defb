"""The public keys of an issuer, and which of them may have signed a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

MAX_KEYS = 100
LEAST_RSA_BITS = 2048

KINDS: Mapping[str, tuple[str, frozenset[str]]] = {
    **{name: ("RSA", frozenset()) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")},
    "ES256": ("EC", frozenset({"P-256"})),
    "ES384": ("EC", frozenset({"P-384"})),
    "ES512": ("EC", frozenset({"P-521"})),
    "EdDSA": ("OKP", frozenset({"Ed25519", "Ed448"})),
    "Ed25519": ("OKP", frozenset({"Ed25519"})),
    "Ed448": ("OKP", frozenset({"Ed448"})),
}
"""The algorithms that are accepted, each with the type and the curves of its keys.

None of them takes a secret: who can check a token cannot make one, and a public key is never taken for a secret.

Source: RFC 8725, sections 3.1 and 3.2; RFC 7518, section 3.1; RFC 9864.
"""

_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}


@dataclass(frozen=True, kw_only=True)
class IssuerKey:
    """One public key.

    Attributes:
        id: `kid`; empty where it has none.
        alg: The only algorithm that it is for; empty for all that fit it.
        key: As the library has it.
    """

    id: str
    kind: str
    curve: str
    alg: str
    key: Any

    def fits(self, alg: str) -> bool:
        """Whether it may have signed with `alg`."""
        kind, curves = KINDS[alg]
        return self.kind == kind and (not curves or self.curve in curves) and self.alg in {"", alg}

    def has_signed(self, content: bytes, signature: bytes, *, alg: str) -> bool:
        """Whether `signature` is its signature of `content`, made with `alg`, which fits."""
        from joserfc.errors import JoseError
        from joserfc.jws import JWSRegistry

        # Its interface for whole tokens limits headers to 512 bytes and warns of `EdDSA`, which issuers use.
        model = JWSRegistry.algorithms[alg]
        try:
            model.check_key(self.key)
            return bool(model.verify(content, signature, self.key))
        except (JoseError, ValueError):
            return False


def read_keys(content: bytes) -> Sequence[IssuerKey]:
    """The keys of a JWK set that can check signatures. Others are left out: sets hold keys for other uses too.

    Raises:
        ValueError: It is no JWK set, or has more than `MAX_KEYS` keys.

    Source: RFC 7517, sections 4 and 5.
    """
    document = orjson.loads(content)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("it has no list `keys`")
    if len(entries) > MAX_KEYS:
        raise ValueError(f"it has more than {MAX_KEYS} keys")
    return [found for entry in entries if isinstance(entry, dict) and (found := _read(entry)) is not None]


def _read(entry: Mapping[str, Any]) -> IssuerKey | None:
    kind = entry.get("kty")
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(kind, str) or kind not in _PUBLIC or entry.get("use", "sig") != "sig":
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    # Only what is public: an issuer that publishes a private key by mistake does not get it kept here.
    public = {name: entry.get(name) for name in _PUBLIC[kind]}
    if not all(isinstance(value, str) for value in public.values()):
        return None
    if kind == "RSA" and _bits(str(public["n"])) < LEAST_RSA_BITS:
        return None
    key = _imported({"kty": kind, **public})
    if key is None:
        return None
    return IssuerKey(
        id=str(entry.get("kid", "")),
        kind=kind,
        curve=str(public.get("crv", "")),
        alg=str(entry.get("alg", "")),
        key=key,
    )


def _imported(public: dict[str, Any]) -> Any:
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry

    try:
        key = JWKRegistry.import_key(public)
        key.public_key  # noqa: B018  # made here, so that what is no point of its curve is found now
        return key
    except (JoseError, ValueError, KeyError, TypeError):
        return None


def _bits(modulus: str) -> int:
    """How long a number in base64url is, at most."""
    return len(modulus.lstrip("A")) * 6
