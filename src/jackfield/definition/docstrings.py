"""What docstrings say: a summary, what each argument means, what is returned."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Doc:
    """A docstring taken apart."""

    description: str
    args: dict[str, str]
    returns: str


def read(documented: Any) -> Doc:
    """The docstring of a class or function, in Google's or numpy's style."""
    import docstring_parser

    text = inspect.cleandoc(documented.__doc__ or "")
    parsed = docstring_parser.parse(text)
    parts = [parsed.short_description or "", parsed.long_description or ""]
    return Doc(
        description="\n\n".join(part for part in parts if part),
        args={p.arg_name: _one_line(p.description or "") for p in parsed.params},
        returns=_one_line(parsed.returns.description or "") if parsed.returns else "",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
