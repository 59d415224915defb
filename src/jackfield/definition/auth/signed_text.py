"""What a service wants to see signed: a text with parts of the request in it, `{method}\\n{path}\\n{bodyHash}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

PARTS = frozenset(
    {"method", "scheme", "host", "path", "query", "target", "url", "body", "bodyHash", "timestamp", "nonce", "keyId"}
)
"""What a text may have in braces, beside `{header:NAME}` and `{bodyHash:base64}`."""

OF_A_VALUE = frozenset({"signature", "timestamp", "nonce", "keyId"})
"""What the value that is sent may have in braces."""

Piece: TypeAlias = tuple[str, str, str]
"""Text before, the name of a part, and what stands after its colon. The last one has text only."""

_PART = re.compile(r"\{([A-Za-z]+)(?::([^{}]+))?\}")


def pieces(template: str) -> Iterator[Piece]:
    """`template`, taken apart. A line break may also be written as a backslash and an `n`, as YAML has it."""
    text, end = template.replace("\\n", "\n"), 0
    for found in _PART.finditer(text):
        yield text[end : found.start()], found[1], found[2] or ""
        end = found.end()
    yield text[end:], "", ""


def problem_of(template: object, *, known: frozenset[str]) -> str:
    """What is wrong with it; empty if nothing is."""
    if not isinstance(template, str) or not template:
        return "it is no text"
    for before, name, option in pieces(template):
        if "{" in before or "}" in before:
            return "it has a brace that belongs to no part"
        if name == "header" and option and known is PARTS:
            continue
        if name and (name not in known or (option and (name, option) != ("bodyHash", "base64"))):
            return f"there is no part `{{{name}}}`"
    return ""
