"""Requests with a token that we sign ourselves and that lives for minutes.

Source: RFC 7519, RFC 7515.
"""

from __future__ import annotations

import secrets
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import ApiKey, Fixed, Scheme, Value, text_of
from jackfield.credentials.signing.keys import KeyEncoding, key_bytes
from jackfield.credentials.signing.remembered import Remembered, key_of
from jackfield.definition.auth.signing import LONGEST_JWT_S
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Outgoing

if TYPE_CHECKING:
    from joserfc.jwk import Key

Algorithm = Literal["HS256", "RS256", "ES256", "EdDSA"]

# The clock of a service may be a little behind: a token of the future would be refused.
_EARLIER_S = 30

# Bytes. RFC 7518, section 3.2, asks for 32; there are services that hand out shorter ones, and one cannot choose.
_SHORTEST_SHARED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: Secret
    until: float


_TOKENS: Remembered[_Token] = Remembered(1024)


@dataclass(frozen=True, slots=True)
class Jwt(Fixed):
    """`Authorization: Bearer <a JSON Web Token>`, signed with a key of our own, and sent until shortly before it ends.

    Attributes:
        key: A private key in PEM; for `HS256` the shared key.
        algorithm: How it is signed.
        issuer: `iss`.
        subject: `sub`.
        audience: `aud`.
        key_id: `kid` in the head.
        lifetime: Seconds, 3600 at most.
        claims: Further ones.
        key_encoding: How a shared key is written.
        name: Of the header, parameter or cookie.
        location: Where it goes.
        prefix: Before it.
    """

    key: Value = field(repr=False)
    algorithm: Algorithm = field(kw_only=True)
    issuer: str = field(default="", kw_only=True)
    subject: str = field(default="", kw_only=True)
    audience: str = field(default="", kw_only=True)
    key_id: str = field(default="", kw_only=True)
    lifetime: int = field(default=300, kw_only=True)
    claims: Mapping[str, Any] = field(default_factory=dict, kw_only=True, hash=False)
    key_encoding: KeyEncoding = field(default="text", kw_only=True)
    name: str = field(default="Authorization", kw_only=True)
    location: Literal["header", "query", "cookie"] = field(default="header", kw_only=True)
    prefix: str = field(default="Bearer ", kw_only=True)
    now: Callable[[], float] = field(default=time.time, repr=False, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.lifetime <= LONGEST_JWT_S:
            reason = f"it is to live `{self.lifetime}` seconds"
            raise CredentialInvalid(what="token", reason=reason, hint=f"let it live {LONGEST_JWT_S} at most")

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that hold the token."""
        return frozenset({self.name}) if self.location == "query" else frozenset()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The token that is sent now: whoever reads it could send it, too."""
        return (self._token(),)

    @property
    def identity(self) -> str:
        """Tells this credential from others."""
        said = (self.issuer, self.subject, self.audience, self.key_id, self.lifetime, dict(self.claims))
        return key_of("jwt", text_of(self.key), self.key_encoding, self.algorithm, *said)

    async def sign(self, request: Outgoing) -> None:
        """Add the token.

        Raises:
            CredentialInvalid: The key is none for the algorithm.
        """
        await self._sent_as(self._token()).sign(request)

    def masked(self) -> Scheme:
        """A mask where the token goes."""
        return self._sent_as("").masked()

    def _sent_as(self, token: Value) -> ApiKey:
        return ApiKey(token, name=self.name, location=self.location, prefix=self.prefix)

    def _token(self) -> Secret:
        now, key = self.now(), self.identity
        found = _TOKENS.get(key)
        if found is None or found.until <= now:
            begin = int(now) - min(_EARLIER_S, self.lifetime // 10)
            # A tenth of its life is left for the way, and for clocks that are ahead of ours.
            until = begin + self.lifetime * 0.9
            found = _TOKENS.put(key, _Token(text=Secret(self._signed(begin)), until=until))
        return found.text

    def _signed(self, begin: int) -> str:
        from joserfc import jwt
        from joserfc.errors import JoseError

        said = {"iss": self.issuer, "sub": self.subject, "aud": self.audience}
        times = {"iat": begin, "exp": begin + self.lifetime, "jti": secrets.token_hex(16)}
        head = {"alg": self.algorithm} | ({"kid": self.key_id} if self.key_id else {})
        claims = {**self.claims, **{name: value for name, value in said.items() if value}, **times}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `EdDSA` is `Ed25519` in newer words, which services do not know
            try:
                return jwt.encode(head, claims, self._read(), algorithms=[self.algorithm])
            except (JoseError, ValueError, TypeError):
                # The words of the library may hold what it could not read.
                raise CredentialInvalid(what="token", reason=f"its key is none for `{self.algorithm}`") from None

    def _read(self) -> Key:
        from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

        if self.algorithm == "HS256":
            shared = key_bytes(self.key, self.key_encoding)
            if len(shared) < _SHORTEST_SHARED:
                raise CredentialInvalid(what="token", reason=f"its key has fewer than {_SHORTEST_SHARED} bytes")
            return OctKey.import_key(shared)
        kinds: dict[str, Any] = {"RS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey}
        # A pasted one may have lost its line breaks to `\\n`, as in the JSON of service accounts.
        pem = text_of(self.key).replace("\\n", "\n").strip() + "\n"
        key: Key = kinds[self.algorithm].import_key(pem)
        if not key.is_private:
            raise CredentialInvalid(what="token", reason="its key is a public one")
        return key


def build(auth: Mapping[str, Any], values: Mapping[str, Secret]) -> Scheme:
    """From an `auth` and its parts.

    Raises:
        CredentialInvalid: The key is none for the algorithm.
    """
    parts = {"issuer": "issuer", "subject": "subject", "audience": "audience", "keyId": "key_id"}
    said: dict[str, Any] = {name: values[part].reveal() for part, name in parts.items() if part in values}
    names = {
        "keyEncoding": "key_encoding",
        **{key: key for key in ("lifetime", "claims", "name", "location", "prefix")},
    }
    said |= {name: auth[key] for key, name in names.items() if key in auth}
    if "prefix" not in auth and ("name" in auth or "location" in auth):
        said["prefix"] = ""
    return Jwt(values["key"], algorithm=auth.get("algorithm", "RS256"), **said)
