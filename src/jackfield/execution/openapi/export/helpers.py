"""The functions that exported scripts share. A script gets those that it uses, and those that they use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^const (\w+) =", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def library() -> Mapping[str, str]:
    """The source of each function by its name, in the order of `helpers.js`. Each name has a capital in it.

    No command is called like one of them: the names of commands are in lower case.
    """
    text = files(__package__).joinpath("helpers.js").read_text(encoding="utf-8")
    blocks = (block.strip() for block in re.split(r"\n\n(?=/\*\*|const )", text))
    return {_NAME.findall(block)[0]: block for block in blocks}


def used_by(sources: Iterable[str]) -> list[str]:
    """The functions that `sources` need, in the order of the library."""
    found: set[str] = set()
    wanted = {word for source in sources for word in _WORD.findall(source)} & library().keys()
    while wanted:
        found |= wanted
        wanted = {word for name in wanted for word in _WORD.findall(library()[name])} & (library().keys() - found)
    return [source for name, source in library().items() if name in found]
