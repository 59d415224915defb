"""Parts of a URL that values fill, so that they lead nowhere else. What all models share that write requests."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from jackfield.definition.operations_paths import DOTS
from jackfield.execution.errors import PathEscape

# RFC 3986, section 3.3 (pchar) with `/`; `%` because authors write encoded characters themselves.
_LITERAL = "/:@!$&'()*+,;=-._~%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def encode_literal(literal: str) -> str:
    """The fixed part of a path as it goes out: what may stand there stays as its author wrote it."""
    return quote(_STRAY_PERCENT.sub("%25", literal), safe=_LITERAL)


def refuse_dots(segment: str, *, param: str, path: str) -> None:
    """Do nothing if a server takes `segment` as a name.

    Raises:
        PathEscape: It is `.` or `..`.
    """
    if unquote(segment) in DOTS:
        raise PathEscape(param=param, path=path, reason=f"`{unquote(segment)}` leads up the tree")
