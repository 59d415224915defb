"""Names: what they may look like, their slugs, and finding one whatever its case style."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

from jackfield.definition.errors import InvalidName, NamesFallTogether

T = TypeVar("T")

RESERVED = frozenset(
    {
        *("test", "execute", "parse-oas", "parse-openapi", "import-openapi", "agents", "options", "try", "stream"),
        "sync-mcp",
    }
)
"""No namespace or connector may have these: they are route segments."""

_LONGEST = 200
"""Names longer than any that is one are not remembered: whoever calls could fill the memory with them."""

MAX_SEARCHED = 2_000
"""Names among which one that looks alike is searched for: 50 ms, and twice as long for twice as many."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_WORDS = re.compile(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def slug(name: str) -> str:
    """The kebab form: `list_messages`, `listMessages` and `List messages` are all `list-messages`."""
    return _slug(name) if len(name) <= _LONGEST else _slug.__wrapped__(name)


def folded(name: str) -> str:
    """What is left of a name when case style is taken away."""
    return _folded(name) if len(name) <= _LONGEST else _folded.__wrapped__(name)


@lru_cache(maxsize=4096)
def _slug(name: str) -> str:
    return "-".join(_WORDS.findall(name)).lower()


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return re.sub(r"[-_\s]", "", name).lower()


def check_name(name: str, *, what: str) -> str:
    """`name`, if it is one.

    Raises:
        InvalidName: It is empty, longer than 100 characters, begins with no letter, or has others than
            letters, digits, `-` and `_`. A connector or namespace may also not be one of `RESERVED`.
    """
    if not _NAME.fullmatch(name):
        raise InvalidName(what=what, name=name)
    if what in {"connector", "namespace"} and slug(name) in RESERVED:
        raise InvalidName(what=what, name=name, reserved=True)
    return name


def check_distinct(names: Iterable[str], *, what: str, where: str) -> None:
    """Refuse names that only case style tells apart.

    Raises:
        NamesFallTogether: Two of them are equal when case style is ignored.
    """
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(folded(name), name)
        if first is not name and first != name:
            raise NamesFallTogether(what=what, first=first, second=name, where=where)


def find(wanted: str, among: Mapping[str, T]) -> str | None:
    """The key of `among` that `wanted` names: an exact match first, then one that differs in case style only."""
    if wanted in among:
        return wanted
    target = folded(wanted)
    return next((name for name in among if folded(name) == target), None)


def closest(wanted: str, among: Collection[str]) -> str | None:
    """The one of `among` that `wanted` looks most like, if it looks like any; `None` where there are too many."""
    if len(among) > MAX_SEARCHED:
        return None
    return next(iter(get_close_matches(wanted[:_LONGEST], among, n=1)), None)
