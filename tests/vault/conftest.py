"""Keys, and secrets that are easy to search for."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.sealed import SealContext


@dataclass(frozen=True)
class Canary:
    """A secret, and a search for it."""

    text: str = "canary/0123456789+secret?value"

    def in_(self, shown: object) -> bool:
        """Whether a text or bytes show it: plain, URL-encoded, or as base64 at any offset."""
        data = shown if isinstance(shown, bytes) else str(shown).encode()
        return any(form in data for form in self._forms())

    def _forms(self) -> set[bytes]:
        raw = self.text.encode()
        found = {raw, quote(self.text, safe="").encode(), quote(self.text).encode()}
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + raw)[offset and offset + 1 : (len(raw) + offset) // 3 * 4]
            found |= {encoded, encoded.translate(bytes.maketrans(b"+/", b"-_"))}
        return found


@pytest.fixture(scope="session")
def canary() -> Canary:
    canary = Canary()
    assert canary.in_(canary.text)
    assert canary.in_(base64.b64encode(b"ab" + canary.text.encode()))
    return canary


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    return KeyRing.generate("main")


@pytest.fixture(scope="session")
def envelope(ring: KeyRing) -> Envelope:
    return Envelope(ring)


@pytest.fixture
def context() -> SealContext:
    return SealContext(tenant="default", kind="credential", id="c1", version=3)
