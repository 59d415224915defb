"""Names of tools: at most 64 characters, the same wherever a command is offered, and no two alike.

`default/acme-prod` and `list_messages` make `acme-prod__list_messages`; another namespace stands in front. What is too
long, or could be read in two ways, ends in `___` and a part of its hash, which no plain name has.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

LONGEST = 64
"""Characters that the interfaces of language models allow, of letters, digits, `_` and `-`."""

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What they allow. Source: the `name` of a function in OpenAI's and of a tool in Anthropic's API reference."""

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]|_(?!_))*(?<!_)")
_BETWEEN, _BEFORE_HASH = "__", "___"
_DEFAULT = "default"
_HASH = 10
_SHORTENED = (24, 23)
"""Characters left of connector and command where both are long, with what stands between them 64."""


@lru_cache(maxsize=65_536)
def tool_name(connector: str, command: str) -> str:
    """The name of the tool that a command of a connector is.

    Args:
        connector: `namespace/name`, or the name of a type that is called without a connector.
        command: Its name.
    """
    parts = [*_places(connector), command]
    name = _BETWEEN.join(parts)
    if len(name) <= LONGEST and all(_PLAIN.fullmatch(part) for part in parts):
        return name
    digest = hashlib.sha256(f"{connector}\0{command}".encode()).hexdigest()[:_HASH]
    first, second = _SHORTENED
    short = _BETWEEN.join((parts[-2][:first].strip("_"), command[:second].strip("_")))
    return f"{short}{_BEFORE_HASH}{digest}"


def _places(connector: str) -> list[str]:
    """The parts of a connector's name that stand in the tool's."""
    namespace, slash, name = connector.partition("/")
    if not slash:
        return [connector]
    return [name] if namespace == _DEFAULT else [namespace, name]
