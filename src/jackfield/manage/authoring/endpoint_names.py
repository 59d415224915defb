"""Names of commands for endpoints that nobody has named: `GET /customers/{id}` is `getCustomer`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jackfield.definition.names import folded, slug
from jackfield.manage.authoring.endpoint import Endpoint

_VERBS = {"GET": "get", "HEAD": "check", "POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
_NO_WORD = re.compile(r"(?:api|rest|v\d+(?:\.\d+)?|json)", re.IGNORECASE)
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        abstract arguments await boolean break byte case catch char class const continue debugger default delete do
        double else enum eval export extends false final finally float floh for function goto if implements import in
        instanceof int interface jackfield let long native new null package private protected public return short
        static super switch synchronized this throw throws transient true try typeof undefined var void volatile while
        with yield test
        """,
    )
)
"""Words of JavaScript, what a script is handed, and the name of the test."""


def command_names(endpoints: Sequence[Endpoint]) -> list[str]:
    """A name for each endpoint: its own, or one that is made; no two the same but for their case style."""
    names: list[str] = []
    taken: set[str] = set()
    for endpoint in endpoints:
        wanted = _identifier(endpoint.name) or _made(endpoint)
        name, number = wanted, 2
        while folded(name) in taken:
            name, number = f"{wanted}{number}", number + 1
        taken.add(folded(name))
        names.append(name)
    return names


def title_of(command: str) -> str:
    """`listCustomers` as a sentence."""
    words = slug(command).replace("-", " ")
    return f"{words[:1].upper()}{words[1:]}."


def _made(endpoint: Endpoint) -> str:
    parts = [part for part in endpoint.path.split("/") if part and not _NO_WORD.fullmatch(part)]
    words = [part for part in parts if "{" not in part]
    if not words:
        return f"{_VERBS[endpoint.method]}Root"
    ends_in_param = "{" in parts[-1]
    parent = words[-2] if len(words) > 1 and not ends_in_param else ""
    noun, verb = words[-1], _VERBS[endpoint.method]
    if ends_in_param:
        return _identifier(f"{verb} {_singular(noun)}")
    if endpoint.method == "GET":
        about = f"{_singular(parent)} " if parent else ""
        return _identifier(f"{'list' if _is_plural(noun) else 'get'} {about}{noun}")
    if endpoint.method == "POST" and not _is_plural(noun):  # `/orders/{id}/cancel`, `/search`
        return _identifier(f"{noun} {_singular(parent)}" if parent else noun)
    return _identifier(f"{verb} {_singular(parent)} {_singular(noun)}" if parent else f"{verb} {_singular(noun)}")


def _identifier(text: str) -> str:
    """In JavaScript's way; empty where nothing of it can stand in a name."""
    words = re.findall(r"[A-Za-z0-9]+", slug(text))
    name = "".join([*words[:1], *(word.capitalize() for word in words[1:])])[:80]
    if name and not name[0].isalpha():
        name = f"call{name}"
    return f"{name}Item" if name in _RESERVED else name


def _is_plural(word: str) -> bool:
    return word.lower().endswith("s") and not word.lower().endswith(("ss", "us", "is"))


def _singular(word: str) -> str:
    if not _is_plural(word):
        return word
    if word.lower().endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.lower().endswith(("sses", "xes", "ches", "shes")) else word[:-1]
