"""Keeping the secrets of a call out of what it answers and logs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from jackfield.definition.secret import MASK, Secret

MIN_LENGTH = 8
"""Shorter values are masked by field name only: replacing `on` or `42` everywhere would destroy answers."""


class Mask:
    """Replaces secrets by their mask, plain, as base64 and URL-encoded, wherever they stand in JSON."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        forms = {form for secret in secrets for form in _forms(secret.reveal())}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """`text` without the secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def json(self, value: Any) -> Any:
        """`value` without the secrets, in keys too. A new object where there is anything to mask."""
        return _walk(value, self._pattern) if self._pattern else value


def _walk(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(MASK, value)
    if isinstance(value, Mapping):
        return {_walk(key, pattern): _walk(inner, pattern) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(inner, pattern) for inner in value]
    return value


def _forms(value: str) -> set[str]:
    if len(value) < MIN_LENGTH:
        return set()
    forms = {value, quote(value, safe=""), quote_plus(value), quote(value)}
    raw = value.encode()
    # Base64 of a value inside a longer text begins at any of three offsets; the characters that the
    # neighbours share are cut off. Offset 0 also covers the value on its own.
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + raw).decode().rstrip("=")
            start = (0, 2, 3)[offset]
            whole = encoded[start : (len(raw) + offset) // 3 * 4]
            forms.add(whole)
    return {form for form in forms if len(form) >= MIN_LENGTH}
