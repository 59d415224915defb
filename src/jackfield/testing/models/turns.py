"""What a model in a test says, whatever the API that it is asked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, kw_only=True)
class Says:
    """The model answers with text."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """One call of a tool.

    Attributes:
        arguments: An object; or a text that stands in the answer as it is, JSON or not.
        id: Of the call.
    """

    name: str
    arguments: Mapping[str, Any] | str
    id: str


@dataclass(frozen=True, kw_only=True)
class Calls:
    """The model calls tools, all at once."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The server answers something of its own: an error, or what is no answer at all."""

    status: int
    content: bytes
    media_type: str = "application/json"


Turn: TypeAlias = Says | Calls | Answers


def says(text: str) -> Says:
    """A turn in which the model says `text`."""
    return Says(text=text)


def calls(*asked: tuple[str, Mapping[str, Any] | str]) -> Calls:
    """A turn in which the model calls tools: `calls(("acme__list", {"limit": 2}))`. Their ids are `call_1` and on."""
    numbered = enumerate(asked, start=1)
    return Calls(
        calls=tuple(ToolCall(name=name, arguments=said, id=f"call_{number}") for number, (name, said) in numbered)
    )
