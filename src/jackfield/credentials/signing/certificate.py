"""A client certificate: the service knows the caller before the first request.

Source: RFC 8446, section 4.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import Fixed, NoAuth, Scheme, Value, text_of
from jackfield.credentials.signing.remembered import Remembered, key_of
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Certificate, Outgoing
from jackfield.egress.urls import on_the_wire

_WHAT = "client certificate"

_READ: Remembered[Certificate] = Remembered(256)
"""To decrypt a private key takes a while, on purpose."""


@dataclass(frozen=True, slots=True)
class ClientCertificate(Fixed):
    """Shown when a connection to the service is made, and to no other origin that it redirects to.

    Attributes:
        chain: The certificate, and those above it, in PEM.
        key: Its private key in PEM.
        passphrase: Of the key, where it has one.
    """

    chain: Value = field(repr=False)
    key: Value = field(repr=False)
    passphrase: Value = field(default="", repr=False)

    @property
    def certificate(self) -> Certificate:
        """What egress shows.

        Raises:
            CredentialInvalid: The certificate or the key cannot be read, or one does not belong to the other.
        """
        name = self.identity
        return _READ.get(name) or _READ.put(name, self._read(name))

    @property
    def identity(self) -> str:
        """Tells this credential from others."""
        return key_of("certificate", text_of(self.chain), text_of(self.key), text_of(self.passphrase))

    async def sign(self, request: Outgoing) -> None:
        """Add nothing to `request`.

        Raises:
            CredentialInvalid: The certificate cannot be used, or the address is one where nobody asks for it.
        """
        if on_the_wire(request.url).origin.scheme != "https":
            raise CredentialInvalid(what=_WHAT, reason="the address is not https", hint="call an https address")
        _ = self.certificate

    def masked(self) -> Scheme:
        """Nothing of it stands in a request."""
        return NoAuth()

    def _read(self, name: str) -> Certificate:
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization

        try:
            chain = x509.load_pem_x509_certificates(_lines(self.chain))
        except ValueError:
            raise CredentialInvalid(what=_WHAT, reason="it is not PEM") from None
        key = _private_key(_lines(self.key), text_of(self.passphrase).encode())
        plain = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        if chain[0].public_key().public_bytes(*plain) != key.public_key().public_bytes(*plain):
            raise CredentialInvalid(what=_WHAT, reason="its private key belongs to another", hint="enter both again")
        if chain[0].not_valid_after_utc < datetime.now(UTC):
            ended = f"{chain[0].not_valid_after_utc:%Y-%m-%d}"
            raise CredentialInvalid(what=_WHAT, reason=f"it ended on {ended}", hint="enter the new one")
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        shown = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain)
        return Certificate(chain=shown.decode(), key=Secret(pem.decode()), digest=name)


def build(auth: Mapping[str, Any], values: Mapping[str, Secret]) -> Scheme:
    """From an `auth` and its parts."""
    return ClientCertificate(values["certificate"], values["key"], values.get("passphrase", ""))


def _lines(value: Value) -> bytes:
    """PEM. What was pasted may have lost its line breaks to `\\n`, as in JSON."""
    return (text_of(value).replace("\\n", "\n").strip() + "\n").encode("utf-8", "replace")


def _private_key(pem: bytes, passphrase: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem, None)
    except TypeError:  # it has a passphrase
        pass
    except (ValueError, UnsupportedAlgorithm):
        raise CredentialInvalid(what=_WHAT, reason="its private key is not PEM") from None
    if not passphrase:
        raise CredentialInvalid(what=_WHAT, reason="its private key needs a passphrase", hint="enter the passphrase")
    try:
        return load_pem_private_key(pem, passphrase)
    except (ValueError, UnsupportedAlgorithm):
        raise CredentialInvalid(what=_WHAT, reason="the passphrase does not open its private key") from None
