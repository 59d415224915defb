"""What stands in the path of an operation, and in the path to a part of its answer. Syntax only: no values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus, urlsplit

_HOLE = re.compile(r"\{\{(.*?)\}\}|\{([^{}]*)\}", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w-]*")
_STEP = re.compile(r"""\.?([^.\[\]"']+)|\[(\d+|\*)\]|\[(?:"([^"]*)"|'([^']*)')\]""")
_NO_URL = re.compile(r"[\x00-\x20\x7f\\]")
_NEVER = re.compile(r"[\x00-\x20\x7f\\#]")

DOTS = frozenset({".", ".."})
"""Segments that servers and proxies resolve instead of sending on. Source: RFC 3986, section 5.2.4."""


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A place in a text that a value fills.

    Attributes:
        name: The param or connection field, of `{name}` and `{{ name }}`.
        expression: `{{ anything else }}`, with its braces.
    """

    name: str = ""
    expression: str = ""

    def __str__(self) -> str:
        return self.name or self.expression


Pieces = tuple[str | Hole, ...]


def split(text: str) -> Pieces:
    """The literal parts of `text` and the holes between them.

    Raises:
        ValueError: A brace has no partner, or nothing in it.
    """
    return tuple(_split(text))


def holes(text: str) -> tuple[Hole, ...]:
    """The holes of `text`.

    Raises:
        ValueError: As for `split`.
    """
    return tuple(piece for piece in split(text) if isinstance(piece, Hole))


def divide(path: str) -> tuple[Pieces, tuple[tuple[str, Pieces], ...]]:
    """The path itself, and the names and values of the query after its `?`.

    Raises:
        ValueError: As for `split`, or a hole stands in the name of a query param.
    """
    before: list[str | Hole] = []
    query: list[str | Hole] | None = None
    for piece in split(path):
        if query is None and isinstance(piece, str) and "?" in piece:
            literal, _, rest = piece.partition("?")
            before.append(literal)
            query = [rest]
        else:
            (before if query is None else query).append(piece)
    return tuple(piece for piece in before if piece), tuple(_pairs(query or []))


def check_path(path: str) -> None:
    """Do nothing if requests can be sent to `path`.

    Raises:
        ValueError: It leads to another host, up the tree, or holds what no URL may hold.
    """
    if "://" in path.partition("?")[0] or path.startswith("//"):
        raise ValueError("it is an address; the host belongs into `baseUrl`")
    pieces, _ = split(path), divide(path)
    if bad := next((found[0] for piece in pieces if isinstance(piece, str) and (found := _NEVER.search(piece))), None):
        raise ValueError(f"it holds {bad!r}")
    literal = "".join(piece if isinstance(piece, str) else "x" for piece in pieces)
    if any(unquote(segment) in DOTS for segment in literal.partition("?")[0].split("/")):
        raise ValueError("it leads up the tree with `.` or `..`")


def base_fault(url: str) -> str:
    """Why paths cannot be appended to `url`; empty where they can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return "it has to begin with `https://` and a host"
    if parts.username is not None or parts.password is not None:
        return "it holds a user name; use `auth` instead"
    if "?" in url or "#" in url:
        return "it has a query or a fragment; paths are appended to it"
    if any(unquote(segment) in DOTS for segment in parts.path.split("/")):
        return "it leads up the tree with `.` or `..`"
    return "it holds a space, a backslash or a control character" if _NO_URL.search(url) else ""


def steps(path: str) -> tuple[str | int | None, ...]:
    """The steps of `$.data.items[0]['id']`: names, positions, and `None` for `[*]`, which goes through a list.

    Raises:
        ValueError: It is no such path. `..`, filters and slices of JSONPath are not part of it.
    """
    rest, found = path.removeprefix("$"), []
    while rest:
        step = _STEP.match(rest)
        if step is None:
            raise ValueError(f"`{rest[:40]}` is no name, `[0]`, `['name']` or `[*]`")
        name, position, *quoted = step.groups()
        found.append(_step(name, position, next((text for text in quoted if text is not None), None)))
        rest = rest[step.end() :]
    return tuple(found)


def _pairs(query: list[str | Hole]) -> Iterator[tuple[str, Pieces]]:
    pairs: list[list[str | Hole]] = [[]]
    for piece in query:
        first, *others = piece.split("&") if isinstance(piece, str) else [piece]
        pairs[-1].append(first)
        pairs.extend([other] for other in others)
    for head, *rest in (pair for pair in pairs if any(pair)):
        name, equals, value = head.partition("=") if isinstance(head, str) else ("", "", "")
        if not name or (rest and not equals):
            raise ValueError("the names of its query may not be holes")
        yield unquote_plus(name), tuple(piece for piece in (unquote_plus(value), *rest) if piece)


def _step(name: str | None, position: str | None, quoted: str | None) -> str | int | None:
    if position is not None:
        return None if position == "*" else int(position)
    return name if name != "*" and name is not None else quoted


def _split(text: str) -> Iterator[str | Hole]:
    end = 0
    for found in _HOLE.finditer(text):
        yield from _literal(text[end : found.start()])
        inner = (found[1] if found[1] is not None else found[2]).strip()
        if not inner:
            raise ValueError(f"`{found[0]}` names nothing")
        # `{{ a-b }}` is a name too: nobody subtracts in a path, and services have such names.
        is_name = found[1] is None or _NAME.fullmatch(inner)
        yield Hole(name=inner) if is_name else Hole(expression=found[0])
        end = found.end()
    yield from _literal(text[end:])


def _literal(text: str) -> Iterator[str]:
    if "{" in text or "}" in text:
        raise ValueError("a brace has no partner")
    if text:
        yield text
