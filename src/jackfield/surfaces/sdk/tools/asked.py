"""A tool call that a model has asked for, whatever the form in which its API says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call.

    Attributes:
        name: Of the tool, as the model wrote it.
        arguments: An object, or its JSON; whatever the model wrote.
        call_id: By which the model knows the answer.
    """

    name: str
    arguments: Any
    call_id: str


def member(of: Any, name: str) -> Any:
    """What `of` has under `name`: answers are objects of a library, or plain JSON. `None` where there is nothing."""
    return of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)
