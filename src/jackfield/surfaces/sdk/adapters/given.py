"""What the host gives to each call, as it is or made of what a library knows about the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.toolset import ChatId, Variables


def variables_of(variables: Variables, run: Any) -> Mapping[str, Any] | None:
    """The variables for templates."""
    return variables(run) if callable(variables) else variables


def chat_of(chat_id: ChatId, run: Any) -> str | None:
    """The id of the conversation."""
    return chat_id(run) if callable(chat_id) else chat_id
