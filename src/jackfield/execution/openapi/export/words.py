"""Texts and names of a document as JavaScript: whatever they hold, they end no text and no comment."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100
"""Characters of a line."""

_INLINE = 70
"""Characters of what is listed in one line."""

_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_ORDINARY = re.compile(r"[ !#-\[\]-~]*")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_OF_EVERY_OBJECT = frozenset(
    {
        *("__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
        *("toLocaleString", "toString", "valueOf"),
    }
)
"""What an object has without having been given it. Source: ECMA-262, sections 20.1.3 and B.2.2."""

TAKEN = frozenset(
    """
    arguments async await break case catch class const continue debugger default delete do else enum eval export
    extends false finally for function if implements import in instanceof interface let new null package private
    protected public return static super switch this throw true try typeof undefined var void while with yield
    atob btoa console crypto escape floh jackfield performance print unescape
    """.split()  # noqa: SIM905  # as a list it would be sixty lines
)
"""What no function may be called: words of the language (ECMA-262, section 12.7.2), and what a script finds there."""


def quoted(text: str) -> str:
    """`text` as a literal. What cannot be seen, or changes the direction of writing, is escaped."""
    if _ORDINARY.fullmatch(text):
        return f'"{text}"'
    return '"' + "".join(_SHORT.get(char) or (char if char.isprintable() else _escaped(char)) for char in text) + '"'


def key(name: str) -> str:
    """`name` as a key of an object literal, where `__proto__` by itself would be something else."""
    if name == "__proto__":
        return '["__proto__"]'
    return name if _NAME.fullmatch(name) else quoted(name)


def member(owner: str, name: str) -> str:
    """What `owner` has been given under `name`; `undefined` if nothing."""
    if name in _OF_EVERY_OBJECT:
        return f"ownValue({owner}, {quoted(name)})"
    return f"{owner}.{name}" if _NAME.fullmatch(name) else f"{owner}[{quoted(name)}]"


def comment(paragraphs: Iterable[str | Sequence[str]]) -> str:
    """A comment with an empty line between paragraphs. One that is a list is written line by line."""
    lines: list[str] = []
    for paragraph in paragraphs:
        said = [paragraph] if isinstance(paragraph, str) else paragraph
        wrapped = [line for each in said for line in _wrapped(each)]
        lines += ["", *wrapped] if lines and wrapped else wrapped
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])


def listed(start: str, items: Sequence[str], end: str) -> str:
    """`items` in one line between `start` and `end`, or each in a line of its own, to be indented."""
    space = " " if start.endswith("{") and items else ""
    line = f"{start}{space}{', '.join(items)}{space}{end}"
    if len(line) <= _INLINE and "\n" not in line:
        return line
    inner = "".join(f"{textwrap.indent(item, '  ')},\n" for item in items)
    return f"{start}\n{inner}{end}"


def plain(text: str) -> str:
    """`text` in one line, without what cannot be seen and without the end of a comment."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.split()).replace("*/", "*\\/")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(plain(text), WIDTH - 3, subsequent_indent="", break_long_words=False, break_on_hyphens=False)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\u{{{code:x}}}"
