"""Keeping the secrets of a call out of what it answers and logs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from jackfield.definition.secret import MASK, Secret

MIN_LENGTH = 8
"""Shorter values are masked by field name only: replacing `on` or `42` everywhere would destroy answers."""


_ESCAPE = re.compile("%[0-9A-F]{2}")
_QUOTED = re.compile(r"""["'\\]""")


class Mask:
    """Replaces secrets by their mask, plain, as base64 and URL-encoded, wherever they stand in JSON."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        found = {form for secret in secrets for form in forms(secret.reveal())}
        longest_first = sorted(found, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if found else None

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


def forms(value: str) -> set[str]:
    """The texts by which `value` is recognised: plain, quoted as in JSON and Python, URL-encoded, and as base64.

    None for a value that is too short to be searched for.
    """
    if len(value) < MIN_LENGTH:
        return set()
    raw = value.encode("utf-8", "surrogatepass")
    quoted = {quote(raw, safe=""), quote_plus(raw), quote(raw)}
    found = {value, *quoted, *_escaped(value)}
    if any("%" in form for form in quoted):
        found |= {_ESCAPE.sub(lambda escape: escape[0].lower(), form) for form in quoted}
    # Base64 of a value inside a longer text begins at any of three offsets; the characters that the
    # neighbours share are cut off. Offset 0 also covers the value on its own.
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + raw).decode().rstrip("=")
            start = (0, 2, 3)[offset]
            whole = encoded[start : (len(raw) + offset) // 3 * 4]
            found.add(whole)
    return {form for form in found if len(form) >= MIN_LENGTH}


def _escaped(value: str) -> Iterable[str]:
    """How it reads within quotes: the line breaks of a private key, the quotes of a service account."""
    if value.isascii() and value.isprintable() and not _QUOTED.search(value):
        return ()
    as_python = repr(value)[1:-1]
    return (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], as_python)
