"""Envelope encryption: a data key for each value, wrapped by a key of the ring."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.vault import sealed as form
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KEY_BYTES, KeyRing
from jackfield.vault.sealed import NONCE_BYTES, OWN, SHARED, Parts, SealContext

_CONTENT = b"jackfield content 1 "
_WRAP = {OWN: b"jackfield data key 1 own ", SHARED: b"jackfield data key 1 shared "}

_RESTORE = "restore it from a backup, or enter it again"


class Envelope:
    """Seals values with AES-256-GCM.

    Each value has a random data key; a key of the ring encrypts (wraps) that. Rotation then rewrites 48 bytes and
    never touches the content. The associated data of both is the `SealContext`, so that a value that was changed, cut,
    or moved to another row, tenant, kind or version does not open.

    Nonces never repeat under one key. All are 96 random bits. A data key encrypts one content. A ring key
    wraps once for each value sealed: of 2^32 random nonces, two are equal with a chance below 2^-32, which is what
    the standard allows, and 4 billion secrets are never reached by people (the execution log has its own,
    `LogSealer`, that wraps once a day and process).

    Source: NIST SP 800-38D, sections 8.2.2 (random nonces) and 8.3 (at most 2^32 of them under one key).
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self.key = ring.primary
        self._head = form.head(OWN, self.key)

    def seal(self, plaintext: bytes, context: SealContext) -> bytes:
        """`plaintext` in a form that only the ring opens, and only for `context`."""
        where = context.encoded()
        random = os.urandom(KEY_BYTES + NONCE_BYTES)
        data_key, nonce = random[:KEY_BYTES], random[KEY_BYTES:]
        content = AESGCM(data_key).encrypt(nonce, plaintext, content_data(where))
        return b"".join((self._head, self._wrap(data_key, _WRAP[OWN] + where), nonce, content))

    def shared_head(self, data_key: bytes) -> bytes:
        """What stands before the content of all values under a data key that several share."""
        return form.head(SHARED, self.key) + self._wrap(data_key, _WRAP[SHARED])

    def open(self, sealed: bytes, context: SealContext) -> bytes:
        """What was sealed for `context`.

        Raises:
            Undecryptable: Its key is not there, or it is not what was sealed for this context.
        """
        parts = _split(sealed, str(context))
        where = context.encoded()
        data_key = AESGCM(self._unwrap(parts, where, context))
        try:
            nonce = parts.content[:NONCE_BYTES]
            return data_key.decrypt(nonce, parts.content[NONCE_BYTES:], content_data(where))
        except InvalidTag:
            raise _changed(parts, context) from None

    def rewrap(self, sealed: bytes, context: SealContext) -> bytes:
        """The same value under the key that encrypts now; as it is when that has wrapped it already.

        Only the data key is decrypted, not the content: a content that was changed is found when it is opened.

        Raises:
            Undecryptable: Its key is not there, or does not unwrap it.
        """
        parts = _split(sealed, str(context))
        if parts.key == self.key:
            return sealed
        where = context.encoded()
        data_key = self._unwrap(parts, where, context)
        bound = _WRAP[OWN] + where if parts.scope == OWN else _WRAP[SHARED]
        return b"".join((form.head(parts.scope, self.key), self._wrap(data_key, bound), parts.content))

    def _wrap(self, data_key: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ring.encrypting.encrypt(nonce, data_key, bound)

    def _unwrap(self, parts: Parts, where: bytes, context: SealContext) -> bytes:
        aead = self._ring.aead(parts.key)
        if aead is None:
            raise Undecryptable(
                what=str(context),
                reason=f"its key `{parts.key}` is not among {', '.join(f'`{key}`' for key in self._ring.ids)}",
                hint=f"add the key `{parts.key}` to `JACKFIELD_KEY`",
                key=parts.key,
            )
        bound = _WRAP[OWN] + where if parts.scope == OWN else _WRAP[SHARED]
        try:
            return aead.decrypt(parts.wrap_nonce, parts.wrapped, bound)
        except InvalidTag:
            raise _changed(parts, context) from None


def content_data(where: bytes) -> bytes:
    """The associated data of the content, from an encoded context."""
    return _CONTENT + where


def key_id(sealed: bytes) -> str:
    """The id of the ring key that has wrapped it.

    Raises:
        Undecryptable: It is nothing that was sealed.
    """
    return _split(sealed, "a sealed value").key


def _split(sealed: bytes, what: str) -> Parts:
    parts = form.split(sealed)
    if parts is None:
        if form.is_newer(sealed):
            reason, hint = "a newer version of Jackfield sealed it", "run that version"
        else:
            reason, hint = "it is cut off, or nothing that Jackfield sealed", _RESTORE
        raise Undecryptable(what=what, reason=reason, hint=hint)
    return parts


def _changed(parts: Parts, context: SealContext) -> Undecryptable:
    reason = f"it was changed, sealed for another row, or by another key `{parts.key}`"
    return Undecryptable(what=str(context), reason=reason, hint=_RESTORE, key=parts.key)
