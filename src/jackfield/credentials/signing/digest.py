"""HTTP Digest: the service asks with a nonce, and sees that we know the password without its being sent.

Source: RFC 7616.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import ApiKey, Scheme, Value, text_of
from jackfield.credentials.signing.challenges import Challenge, best_challenge
from jackfield.credentials.signing.remembered import Remembered, key_of
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Answer, Outgoing
from jackfield.egress.urls import on_the_wire

_HASHES: Mapping[str, Callable[[bytes], Any]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),
    "SHA-256": hashlib.sha256,
    "SHA-512-256": lambda data: hashlib.new("sha512_256", data),
}


class _Session:
    """A challenge that is answered again and again, each time with the next number."""

    def __init__(self, challenge: Challenge, cnonce: str) -> None:
        self.challenge = challenge
        self.cnonce = cnonce
        self._count = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        """The number of the next request: each has another, whatever thread asks."""
        with self._lock:
            self._count += 1
            return self._count


_SESSIONS: Remembered[_Session] = Remembered(1024)


@dataclass(frozen=True, slots=True)
class Digest:
    """`Authorization: Digest ...`. The first request asks for a nonce; those after it, of later calls too, use that.

    Attributes:
        username: User name.
        password: It is not sent.
    """

    username: Value = field(repr=False)
    password: Value = field(repr=False)
    cnonce: Callable[[], str] = field(
        default=partial(secrets.token_urlsafe, 24), repr=False, kw_only=True, compare=False
    )

    @property
    def identity(self) -> str:
        """Tells this credential from others."""
        return key_of("digest", text_of(self.username), text_of(self.password))

    async def sign(self, request: Outgoing) -> None:
        """Add the header, once the service has said what it wants.

        Raises:
            CredentialInvalid: The user name has a colon, or one of them has control characters.
            UrlRefused: The URL is not written plainly.
        """
        username, password = text_of(self.username), text_of(self.password)
        _check(username, password)
        wire = on_the_wire(request.url, request.query)
        session = _SESSIONS.get(self._key(wire.origin.prefix))
        if session is not None:
            said = answered(
                session.challenge,
                *(username, password, request.method.upper(), wire.target, request.content or b""),
                cnonce=session.cnonce,
                count=session.next(),
            )
            request.headers["Authorization"] = said

    async def on_refused(self, answer: Answer) -> bool:
        """`True` when there is a challenge to answer. One whose nonce was used already refuses the password itself."""
        key = self._key(on_the_wire(answer.url).origin.prefix)
        challenge, before = best_challenge(answer.headers), _SESSIONS.get(key)
        if challenge is None or (before and before.challenge.nonce == challenge.nonce and not challenge.stale):
            if before:
                _SESSIONS.forget(key, before)
            return False
        _SESSIONS.put(key, _Session(challenge, self.cnonce()))
        return True

    def masked(self) -> Scheme:
        """`Digest ********`."""
        return ApiKey(MASK, name="Authorization", prefix="Digest ")

    def _key(self, origin: str) -> str:
        return f"{self.identity} {origin}"


def answered(
    challenge: Challenge,
    username: str,
    password: str,
    method: str,
    uri: str,
    body: bytes,
    *,
    cnonce: str,
    count: int,
) -> str:
    """The value of `Authorization`.

    Args:
        uri: Path and query as they go out.
        cnonce: Random; the same for all answers to one challenge.
        count: How many times the nonce was used, this one included.

    Source: RFC 7616, section 3.4.
    """
    digest = _HASHES[challenge.algorithm]

    def hashed(*parts: str) -> str:
        found: str = digest(":".join(parts).encode()).hexdigest()
        return found

    secret = hashed(username, challenge.realm, password)
    if challenge.session:
        secret = hashed(secret, challenge.nonce, cnonce)
    asked = [method, uri, *([digest(body).hexdigest()] if challenge.qop == "auth-int" else [])]
    number = f"{count:08x}"
    middle = [number, cnonce, challenge.qop] if challenge.qop else []
    said = _named(challenge, hashed(username, challenge.realm) if challenge.userhash else "", username)
    said += [f'realm="{_quoted(challenge.realm)}"', f'nonce="{_quoted(challenge.nonce)}"', f'uri="{uri}"']
    said += [f'response="{hashed(secret, challenge.nonce, *middle, hashed(*asked))}"']
    said += [f"algorithm={challenge.algorithm}{'-sess' if challenge.session else ''}"]
    if challenge.qop:
        said += [f"qop={challenge.qop}", f"nc={number}", f'cnonce="{cnonce}"']
    if challenge.opaque is not None:
        said += [f'opaque="{_quoted(challenge.opaque)}"']
    return f"Digest {', '.join(said)}"


def build(auth: Mapping[str, Any], values: Mapping[str, Secret]) -> Scheme:
    """From an `auth` and its parts."""
    return Digest(values["username"].reveal(), values["password"])


def _named(challenge: Challenge, userhash: str, username: str) -> list[str]:
    if userhash:
        return [f'username="{userhash}"', "userhash=true"]
    if not username.isascii():
        return [f"username*=UTF-8''{quote(username, safe='')}"]
    return [f'username="{_quoted(username)}"']


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _check(username: str, password: str) -> None:
    if ":" in username:
        raise CredentialInvalid(what="user name", reason="it has a `:`, which would end it")
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in username + password):
        raise CredentialInvalid(what="user name or password", reason="it has control characters or half characters")
