"""Names of commands for tools whose names may hold anything: valid, distinct, and the same at each reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from jackfield.definition.names import folded
from jackfield.definition.openapi.command_names import LONGEST, snake

_AS_IT_IS = re.compile(rf"[A-Za-z][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")
_DIGEST = 6


def command_names(tools: Iterable[str], before: Mapping[str, str]) -> dict[str, str]:
    """A command for each tool, by the tool's name.

    A tool keeps the name that it had, whatever has come since: callers and permissions know it by that.

    Args:
        tools: Names, each once.
        before: The commands of tools that were pinned before, by the tool's name.
    """
    named = {tool: before[tool] for tool in tools if tool in before}
    taken = {folded(command) for command in named.values()}
    for tool in sorted(tool for tool in tools if tool not in before):
        named[tool] = _distinct(tool, taken)
        taken.add(folded(named[tool]))
    return named


def _distinct(tool: str, taken: set[str]) -> str:
    wanted = tool if _AS_IT_IS.fullmatch(tool) else _legal(tool)
    if len(wanted) <= LONGEST and folded(wanted) not in taken:
        return wanted
    for salt in range(1_000_000):
        digest = hashlib.sha256(f"{tool} {salt or ''}".encode("utf-8", "replace")).hexdigest()[:_DIGEST]
        shortened = f"{wanted[: LONGEST - _DIGEST - 1].rstrip('_-')}_{digest}"
        if folded(shortened) not in taken:
            return shortened
    raise AssertionError("a million digests that are all taken")


def _legal(tool: str) -> str:
    name = snake(tool) or "tool"
    return name if name[0].isalpha() else f"tool_{name}"
