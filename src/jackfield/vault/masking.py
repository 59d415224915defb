"""Keeping the secrets of a call out of what it answers and logs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus

import orjson

from jackfield.definition.secret import MASK, Secret

MIN_LENGTH = 8
"""Shorter values are masked by field name only: replacing `on` or `42` everywhere would destroy answers."""


_LINE = 16
"""Characters that a line of a key has to have to be looked for: the last one may be short, and tells little."""

_ESCAPE = re.compile("%[0-9A-F]{2}")
_HALF = re.compile("[\ud800-\udfff]")
_QUOTED = re.compile(r"""["'\\]""")

_Sub: TypeAlias = Callable[[str, str], str]


class Mask:
    """Replaces secrets by their mask, plain, as base64 and URL-encoded, wherever they stand in JSON."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        found = {form for secret in secrets for form in forms(secret.reveal())}
        longest_first = sorted(found, key=len, reverse=True)
        self._sub: _Sub | None = _replacer(longest_first) if found else None
        self._numbers = any(form.isdigit() for form in found)
        self._is_in = _finder(found)

    def clean(self, value: Any) -> Any:
        """`value` without the secrets: the same object where there are none, which is found out without a walk."""
        try:
            content = orjson.dumps(value)
        except (TypeError, RecursionError):  # no JSON as it is
            return self.json(value)
        return self.json(value) if self.is_in(content) else value

    def is_in(self, content: bytes) -> bool:
        """Whether JSON that `orjson` wrote may hold one of the secrets."""
        return self._numbers or self._is_in(content)

    def text(self, text: str) -> str:
        """`text` without the secrets."""
        return self._sub(MASK, text) if self._sub else text

    def json(self, value: Any) -> Any:
        """`value` without the secrets, in keys too, and in numbers. A new object where there is anything to mask."""
        return _walk(value, self._sub, numbers=self._numbers) if self._sub else value


def _replacer(longest_first: Sequence[str]) -> _Sub:
    """Puts a mask in place of these texts. A function, which does not show them when it is printed.

    One after the other: to compile a pattern of them takes 7 ms for a token of 1 KB, and tokens are replaced often.
    """

    def replaced(mask: str, text: str) -> str:
        for form in longest_first:
            if form in text:
                text = text.replace(form, mask)
        return text

    return replaced


def _finder(found: Iterable[str]) -> Callable[[bytes], bool]:
    """Says whether one of these texts may be in JSON. A function, which does not show them when it is printed."""
    # As they read inside JSON, where each character is quoted by itself; half a character is in none that was written.
    quoted = tuple(orjson.dumps(form)[1:-1] for form in found if not _HALF.search(form))
    return lambda content: any(form in content for form in quoted)


def _walk(value: Any, sub: _Sub, *, numbers: bool) -> Any:
    if isinstance(value, str):
        return sub(MASK, value)
    if isinstance(value, Mapping):
        return {_walk(key, sub, numbers=numbers): _walk(inner, sub, numbers=numbers) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(inner, sub, numbers=numbers) for inner in value]
    if numbers and isinstance(value, int | float):
        return value if sub(MASK, text := str(value)) == text else MASK
    return value


def forms(value: str) -> set[str]:
    """The texts by which `value` is recognised: plain, quoted as in JSON and Python, URL-encoded, and as base64.

    Also without the white space around it: a key read from a file ends in a line break, and whoever passes it on often
    takes that away. None for a value that is too short to be searched for.
    """
    bare = value.strip()
    found = _forms(value) if bare == value else _forms(value) | _forms(bare)
    if "-----BEGIN" in bare:
        found |= _of_a_key(bare)
    return {form for form in found if len(form) >= MIN_LENGTH}


def _of_a_key(value: str) -> set[str]:
    """How a key in PEM may read otherwise: with other line breaks, or none, or one line of it.

    Lines alone are looked for as they are: a part of a key is found out of its JSON and of what quotes it, too.
    """
    lines = [line.strip() for line in value.replace("\\n", "\n").splitlines()]
    inner = [line for line in lines if line and not line.startswith("-----")]
    whole = {breaks.join(lines) for breaks in ("\n", "\r\n", "\\n")} | {"".join(inner)}
    return {line for line in inner if len(line) >= _LINE}.union(*map(_forms, whole))


def _forms(value: str) -> set[str]:
    if len(value) < MIN_LENGTH:
        return set()
    # What it reads like within quotes is encoded, too, where a JSON document is encoded as a whole.
    texts = {value, *_escaped(value)}
    return texts.union(*(_encoded(text.encode("utf-8", "surrogatepass")) for text in texts))


def _encoded(raw: bytes) -> set[str]:
    """URL-encoded, with upper-case and with lower-case digits, and as base64."""
    quoted = {quote(raw, safe=""), quote_plus(raw), quote(raw)}
    lower = {_ESCAPE.sub(lambda escape: escape[0].lower(), form) for form in quoted if "%" in form}
    return quoted | lower | _base64(raw)


def _base64(raw: bytes) -> set[str]:
    """How `raw` reads inside a longer text that was encoded.

    It begins at any of three offsets; the characters that the neighbours share are cut off. Offset 0 also covers the
    value on its own.
    """
    return {
        encode(b"\0" * offset + raw).decode()[start : (len(raw) + offset) // 3 * 4]
        for offset, start in enumerate((0, 2, 3))
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
    }


def _escaped(value: str) -> Iterable[str]:
    """How it reads within quotes: the line breaks of a private key, the quotes of a service account."""
    if value.isascii() and value.isprintable() and not _QUOTED.search(value):
        return ()
    as_python = repr(value)[1:-1]
    return (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], as_python)
