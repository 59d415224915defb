"""What a search knows of a tool, and what it answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

Risk = Literal["read", "write", "destructive"]

MAX_PARAMS = 200
"""Params of one tool that can be found by: more describe a data model rather than what a command does."""

_DEEPEST = 4
_MAX_CHOICES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What an answer says of a tool; its schema is asked for by name.

    Attributes:
        name: Of the tool, for example `acme-prod__list_messages`.
        connector: Namespace and name: `default/acme-prod`.
        risk: What a call may do.
        connected: A credential is there, or none is needed.
    """

    name: str
    connector: str
    command: str
    title: str = ""
    description: str = ""
    risk: Risk = "read"
    connected: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(Found):
    """One tool, as it is handed to an index.

    Attributes:
        params: What each is, by name; see `described`. An index reads them and does not keep them.
        about: The connector: how people call it, and what it is for.
    """

    params: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A tool that was found.

    Attributes:
        score: The greater, the better; comparable within one answer only. 0 where nothing was asked for.
    """

    tool: Found
    score: float


def described(schema: Mapping[str, Any]) -> dict[str, str]:
    """The params of a JSON Schema by name, each with its description and the choices it leaves.

    Choices count, because people ask for what they want (`comedy`) more often than for its kind (`genre`). Members of
    objects and lists are named after what they are in: `filter.owner`. References are not followed.
    """
    return dict(islice(_described(schema, prefix="", depth=0), MAX_PARAMS))


def _described(schema: Mapping[str, Any], *, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    members = schema.get("properties")
    if not isinstance(members, Mapping) or depth >= _DEEPEST:
        return
    for name, member in members.items():
        if not isinstance(member, Mapping):
            continue
        items = member.get("items")
        inner = items if isinstance(items, Mapping) else {}
        texts = (member.get("description"), _choices(member), _choices(inner))
        yield f"{prefix}{name}", " ".join(text for text in texts if text and isinstance(text, str))
        for part in (member, inner):
            yield from _described(part, prefix=f"{prefix}{name}.", depth=depth + 1)


def _choices(schema: Mapping[str, Any]) -> str:
    values = schema.get("enum")
    if not isinstance(values, Collection) or isinstance(values, str):
        return ""
    return " ".join(value for value in islice(values, _MAX_CHOICES) if isinstance(value, str))
