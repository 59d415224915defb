"""An OpenID Connect issuer on loopback, whose tokens can be made wrong in any way."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from servers import Answer, Asked, Service, serve

AUDIENCE = "jackfield-of-the-tests"
WELL_KNOWN = "/.well-known/openid-configuration"
_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def b64(content: bytes) -> str:
    """In base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def part(document: Any) -> str:
    """A part of a JWT."""
    return b64(json.dumps(document).encode())


def private_key(alg: str, *, bits: int = 2048) -> Private:
    """A new key for an algorithm."""
    if alg in _CURVES:
        return ec.generate_private_key(_CURVES[alg])
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(key: Private, *, kid: str = "", **more: Any) -> dict[str, Any]:
    """The public half of a key, as issuers publish it."""
    public: dict[str, Any] = {"kid": kid} if kid else {}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        public |= {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        point, size = key.public_key().public_numbers(), (key.key_size + 7) // 8
        name = {256: "P-256", 384: "P-384", 521: "P-521"}[key.key_size]
        public |= {"kty": "EC", "crv": name, "x": _number(point.x, size), "y": _number(point.y, size)}
    else:
        public |= {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().public_bytes_raw())}
    return public | more


def signature(key: Private, content: bytes, alg: str) -> bytes:
    """As a JWT has it."""
    if isinstance(key, rsa.RSAPrivateKey):
        digest = _HASHES[alg[2:]]
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        return key.sign(content, pss if alg.startswith("PS") else padding.PKCS1v15(), digest)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(content, ec.ECDSA(_HASHES[alg[2:]])))
        size = (key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return key.sign(content)


@dataclass(kw_only=True)
class Issuer:
    """An issuer, and what it says of itself.

    Attributes:
        keys: Its private keys, by `kid`.
        more: Entries of its key set beside those keys.
        said: Put over its description of itself.
        down: It answers 503.
    """

    service: Service
    alg: str = "RS256"
    keys: dict[str, Private] = field(default_factory=dict)
    more: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    down: bool = False

    @property
    def url(self) -> str:
        """As tokens have it in `iss`."""
        return self.service.url

    @property
    def fetches(self) -> list[str]:
        """The paths that it was asked for."""
        return [asked.path for asked in self.service.asked]

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on; the old ones are gone."""
        self.keys = {kid: private_key(self.alg)}

    def token(
        self, subject: str = "ann-at-the-company", *, header: Mapping[str, Any] | None = None, **claims: Any
    ) -> str:
        """A token of `subject`, for ten minutes. Claims that are `None` are left out."""
        kid, key = next(iter(self.keys.items()))
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 600}
        body = {name: value for name, value in (usual | claims).items() if value is not None}
        head = {"alg": self.alg, "typ": "at+jwt", "kid": kid} | dict(header or {})
        return self.signed({name: value for name, value in head.items() if value is not None}, body, key)

    def signed(self, header: Mapping[str, Any], claims: Mapping[str, Any], key: Private) -> str:
        """A JWT of just this, signed by `key` with this issuer's algorithm."""
        content = f"{part(dict(header))}.{part(dict(claims))}"
        return f"{content}.{b64(signature(key, content.encode(), self.alg))}"

    def answer(self, asked: Asked) -> Answer:
        """What it answers."""
        if self.down:
            return Answer(status=503)
        if asked.path == WELL_KNOWN:
            return Answer(body={"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.said})
        if asked.path == "/keys":
            own = [jwk(key, kid=kid, use="sig") for kid, key in self.keys.items()]
            return Answer(body={"keys": [*own, *self.more]})
        return Answer(status=404)


@contextmanager
def issuing(alg: str = "RS256") -> Iterator[Issuer]:
    """An issuer until the block ends."""
    made: list[Issuer] = []

    def answer(asked: Asked) -> Answer:
        return made[0].answer(asked)

    with serve(answer) as service:
        made.append(Issuer(service=service, alg=alg, keys={"first": private_key(alg)}))
        yield made[0]


def _number(value: int, size: int = 0) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))
