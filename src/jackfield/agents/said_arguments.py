"""The arguments of a tool call as a model has written them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.agents.errors import ToolArgumentsUnreadable


def read_arguments(said: Any) -> Mapping[str, Any]:
    """The object that `said` is, or that its JSON says. Nothing at all is an object without members.

    Raises:
        ToolArgumentsUnreadable: It is none.
    """
    if said is None or (isinstance(said, str | bytes) and not said.strip()):
        return {}
    if isinstance(said, str | bytes):
        try:
            said = orjson.loads(said)
        except orjson.JSONDecodeError as error:
            problem = f"they are not JSON (line {error.lineno}, column {error.colno})"
            raise ToolArgumentsUnreadable(problem=problem) from None
    if not isinstance(said, Mapping) or not all(isinstance(name, str) for name in said):
        raise ToolArgumentsUnreadable(problem="they are no object")
    return said
