"""Keys as people paste them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Literal, TypeAlias

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import Value, text_of

KeyEncoding: TypeAlias = Literal["text", "hex", "base64"]


def key_bytes(value: Value, encoding: KeyEncoding) -> bytes:
    """The key itself. Base64 may be that for URLs, and lack its padding.

    Raises:
        CredentialInvalid: It is not written so, or empty.
    """
    text = text_of(value)
    try:
        if encoding == "hex":
            key = bytes.fromhex(text)
        elif encoding == "base64":
            standard = text.strip().replace("-", "+").replace("_", "/").rstrip("=")
            key = b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        else:
            key = text.encode()
    except (ValueError, binascii.Error):
        what = "it is not valid Unicode" if encoding == "text" else f"it is not {encoding}"
        raise CredentialInvalid(what="signing key", reason=what) from None
    if not key:
        raise CredentialInvalid(what="signing key", reason="it is empty")
    return key
