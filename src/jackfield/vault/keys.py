"""The keys that wrap data keys."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.vault.errors import InvalidKey, MissingKey, WrongKey

KEY_BYTES = 32
SETTING = "JACKFIELD_KEY"

# Too short for a key in base64, so that a key in the place of a name is refused and never shown as one.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_FINGERPRINT_OF = b"jackfield key fingerprint 1"
_LEAST_DISTINCT_BYTES = 12


class KeyRing:
    """256-bit keys with ids: the first encrypts, the others only decrypt.

    Keeps the cipher objects, not the bytes, because making one costs more than using it.
    """

    __slots__ = ("_aeads", "_fingerprints", "encrypting", "primary")

    primary: str
    """The id of the key that encrypts."""

    encrypting: AESGCM
    """Its cipher."""

    def __init__(self, keys: Sequence[tuple[str, bytes]], *, where: str = "the key ring") -> None:
        """Check and keep `keys`.

        Raises:
            InvalidKey: There is none, or one of them has a bad id, length or content, or comes twice.
        """
        if not keys:
            raise InvalidKey(where=where, problem="has no key")
        self._aeads: dict[str, AESGCM] = {}
        self._fingerprints: dict[str, str] = {}
        for position, (name, key) in enumerate(keys, start=1):
            if problem := self._problem(name, key):
                raise InvalidKey(where=f"key {position} of {where}", problem=problem)
            self._aeads[name] = AESGCM(key)
            self._fingerprints[name] = _fingerprint(key)
        self.primary = keys[0][0]
        self.encrypting = self._aeads[self.primary]

    def _problem(self, id: str, key: bytes) -> str:
        if not _NAME.fullmatch(id):
            return "has no name of 1 to 32 letters, digits, `.`, `_` and `-`"
        if len(key) != KEY_BYTES:
            return f"has {len(key)} bytes instead of {KEY_BYTES}"
        if len(set(key)) < _LEAST_DISTINCT_BYTES:
            # A password's letters, or zeros. Of random keys, one in 10^24 has so few different bytes.
            return "is not random"
        if id in self._aeads:
            return f"is another one called `{id}`"
        own = _fingerprint(key)
        if twin := [other for other, known in self._fingerprints.items() if hmac.compare_digest(own, known)]:
            return f"is the same key as `{twin[0]}`"
        return ""

    @classmethod
    def generate(cls, id: str = "generated") -> KeyRing:
        """A ring of one new random key, which is written nowhere: for tests and for what ends with the process."""
        return cls([(id, secrets.token_bytes(KEY_BYTES))])

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one that encrypts first."""
        return tuple(self._aeads)

    def aead(self, id: str) -> AESGCM | None:
        """The cipher of that key; `None` when the ring does not have it."""
        return self._aeads.get(id)

    def fingerprint(self, id: str) -> str:
        """What tells this key from another of the same id. It can be stored: nothing leads back to the key."""
        return self._fingerprints[id]

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._aeads)})"

    def __reduce__(self) -> str:
        raise TypeError("a KeyRing is not written anywhere")


def parse_keys(text: str, *, where: str = f"`{SETTING}`") -> KeyRing:
    """The ring that `id:base64,id2:base64` describes; line breaks separate as commas do.

    Standard and URL-safe base64 are read, with or without padding.

    Raises:
        InvalidKey: Something in it cannot be used. A faulty key is named by its position only: what stands
            in the place of its name may be a part of the key.
    """
    keys = []
    entries = [entry.strip() for entry in text.strip().replace("\n", ",").split(",")]
    for position, entry in enumerate(entries if any(entries) else (), start=1):
        name, colon, encoded = entry.partition(":")
        if not colon:
            raise InvalidKey(where=f"key {position} of {where}", problem="has no name" if entry else "is empty")
        keys.append((name.strip(), _decoded(encoded.strip(), where=f"key {position} of {where}")))
    return KeyRing(keys, where=where)


def require_keys(ring: KeyRing | None, known: Mapping[str, str], *, searched: Sequence[str] = (SETTING,)) -> None:
    """Make sure that all stored data can be read, before anything starts.

    Args:
        ring: The keys that are there.
        known: The fingerprint of each key that has encrypted anything, by id, as stored beside the data.
        searched: Where keys were looked for, in order.

    Raises:
        MissingKey: A key is not there.
        WrongKey: A key of that id is there, and is another one.
    """
    have = ring.ids if ring else ()
    if missing := [key for key in known if key not in have]:
        raise MissingKey(keys=missing, searched=searched)
    for key, fingerprint in known.items():
        if ring and not hmac.compare_digest(ring.fingerprint(key).encode(), fingerprint.encode()):
            raise WrongKey(key=key)


def _decoded(encoded: str, *, where: str) -> bytes:
    plain = encoded.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        # Not chained: the cause could show a part of the key.
        raise InvalidKey(where=where, problem="is not base64") from None


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, _FINGERPRINT_OF, "sha256")[:16].hex()
