"""Requests signed with a shared key: HMAC over a text that the service chooses."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import ApiKey, Fixed, Scheme, Value, header_text, text_of
from jackfield.credentials.signing.keys import KeyEncoding, key_bytes
from jackfield.credentials.signing.remembered import key_of
from jackfield.definition.auth.signed_text import OF_A_VALUE, PARTS, pieces, problem_of
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Outgoing
from jackfield.egress.urls import on_the_wire


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What is in one request and in no other."""

    timestamp: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Hmac(Fixed):
    """A header with the HMAC of parts of the request.

    Attributes:
        key: The shared key.
        text: What is signed, with `{method}`, `{path}`, `{query}`, `{target}` (both), `{host}`, `{scheme}`, `{url}`,
            `{body}`, `{bodyHash}` (in hex; `{bodyHash:base64}`), `{timestamp}`, `{nonce}`, `{keyId}`, `{header:NAME}`.
        algorithm: Of the HMAC, and of `{bodyHash}`.
        encoding: Of the signature.
        key_encoding: How the key is written.
        header: Where the value goes.
        prefix: Before it.
        value: What is sent, where it is more than `{signature}`: `t={timestamp},v1={signature}`.
        timestamp_header: Where the time goes, if anywhere.
        timestamp_format: How it is written.
        nonce_header: Where 128 random bits go, if anywhere.
        nonce_prefix: Before them.
        key_id: Which key it is.
        key_id_header: Where that goes, if anywhere.
    """

    key: Value = field(repr=False)
    text: str = field(kw_only=True)
    algorithm: Literal["sha1", "sha256", "sha512"] = field(default="sha256", kw_only=True)
    encoding: Literal["hex", "base64", "base64url"] = field(default="hex", kw_only=True)
    key_encoding: KeyEncoding = field(default="text", kw_only=True)
    header: str = field(default="X-Signature", kw_only=True)
    prefix: str = field(default="", kw_only=True)
    value: str = field(default="{signature}", kw_only=True)
    timestamp_header: str = field(default="", kw_only=True)
    timestamp_format: Literal["seconds", "milliseconds", "iso"] = field(default="seconds", kw_only=True)
    nonce_header: str = field(default="", kw_only=True)
    nonce_prefix: str = field(default="", kw_only=True)
    key_id: Value = field(default="", repr=False, kw_only=True)
    key_id_header: str = field(default="", kw_only=True)
    now: Callable[[], float] = field(default=time.time, repr=False, kw_only=True, compare=False)
    random: Callable[[], str] = field(default=lambda: secrets.token_hex(16), repr=False, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        for what, template, known in (("text", self.text, PARTS), ("value", self.value, OF_A_VALUE)):
            if problem := problem_of(template, known=known):
                raise CredentialInvalid(what=f"{what} of an HMAC", reason=problem, hint="mend it")

    @classmethod
    def standard_webhooks(cls, key: Value) -> Hmac:
        """As https://www.standardwebhooks.com says; a key begins with `whsec_`."""
        return cls(
            Secret(text_of(key).removeprefix("whsec_")),
            text="{nonce}.{timestamp}.{body}",
            encoding="base64",
            key_encoding="base64",
            header="webhook-signature",
            prefix="v1,",
            timestamp_header="webhook-timestamp",
            nonce_header="webhook-id",
            nonce_prefix="msg_",
        )

    @property
    def identity(self) -> str:
        """Tells this credential from others."""
        said = [self.text, self.value, self.prefix, self.header, self.algorithm, self.encoding, self.key_encoding]
        return key_of("hmac", text_of(self.key), text_of(self.key_id), *said)

    async def sign(self, request: Outgoing) -> None:
        """Add the headers.

        Raises:
            CredentialInvalid: The key is not written as it says, or a header that is signed is not there.
            UrlRefused: The URL is not written plainly.
        """
        moment = _Moment(timestamp=self._timestamp(), nonce=self.nonce_prefix + self.random())
        key_id = header_text(self.key_id, "key ID")
        given = ((self.timestamp_header, moment.timestamp), (self.nonce_header, moment.nonce))
        for name, value in (*given, (self.key_id_header, key_id)):
            if name:
                _set(request, name, value)
        text = b"".join(self._signed(request, moment, key_id))
        raw = hmac.new(key_bytes(self.key, self.key_encoding), text, self.algorithm).digest()
        told = {"signature": self._written(raw), "timestamp": moment.timestamp, "nonce": moment.nonce, "keyId": key_id}
        value = "".join(before + told.get(name, "") for before, name, _ in pieces(self.value))
        _set(request, self.header, self.prefix + value)

    def masked(self) -> Scheme:
        """A mask where the signature goes."""
        return ApiKey(MASK, name=self.header, prefix=self.prefix)

    def _timestamp(self) -> str:
        now = self.now()
        if self.timestamp_format == "iso":
            return f"{datetime.fromtimestamp(int(now), UTC):%Y-%m-%dT%H:%M:%SZ}"
        return str(int(now * 1000) if self.timestamp_format == "milliseconds" else int(now))

    def _signed(self, request: Outgoing, moment: _Moment, key_id: str) -> list[bytes]:
        """What is signed, in pieces."""
        wire, body = on_the_wire(request.url, request.query), request.content or b""
        known = {
            **{"method": request.method.upper(), "scheme": wire.origin.scheme, "host": wire.host, "path": wire.path},
            **{"query": wire.query, "target": wire.target, "url": wire.origin.prefix + wire.target, "keyId": key_id},
            **{"timestamp": moment.timestamp, "nonce": moment.nonce},
        }
        found: list[bytes] = []
        for before, name, option in pieces(self.text):
            found.append(before.encode())
            if name == "body":
                found.append(body)
            elif name == "bodyHash":
                digest = hashlib.new(self.algorithm, body)
                found.append(b64encode(digest.digest()) if option else digest.hexdigest().encode())
            elif name:
                found.append((_header(request, option) if name == "header" else known[name]).encode())
        return found

    def _written(self, raw: bytes) -> str:
        if self.encoding == "hex":
            return raw.hex()
        return (b64encode(raw) if self.encoding == "base64" else urlsafe_b64encode(raw).rstrip(b"=")).decode()


def build(auth: Mapping[str, Any], values: Mapping[str, Secret]) -> Scheme:
    """From an `auth` and its parts."""
    if auth.get("preset"):
        return Hmac.standard_webhooks(values["key"])
    names = {
        **{"algorithm": "algorithm", "encoding": "encoding", "keyEncoding": "key_encoding", "header": "header"},
        **{"prefix": "prefix", "value": "value", "timestampHeader": "timestamp_header", "nonceHeader": "nonce_header"},
        **{"timestampFormat": "timestamp_format", "keyIdHeader": "key_id_header"},
    }
    said = {name: auth[key] for key, name in names.items() if key in auth}
    return Hmac(values["key"], text=auth["text"], key_id=values.get("keyId", ""), **said)


def _header(request: Outgoing, wanted: str) -> str:
    """A header that is signed.

    Raises:
        CredentialInvalid: It is not there: what is sent would not be what the service expects to be signed.
    """
    found = [value for name, value in request.headers.items() if name.lower() == wanted.lower()]
    if not found:
        what = f"signature over the header `{wanted}`"
        raise CredentialInvalid(what=what, reason="the request does not have it", hint=f"send `{wanted}`")
    return found[-1].strip()


def _set(request: Outgoing, wanted: str, value: str) -> None:
    for name in [name for name in request.headers if name.lower() == wanted.lower()]:
        del request.headers[name]
    request.headers[wanted] = value
