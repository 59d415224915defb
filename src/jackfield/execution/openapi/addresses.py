"""Where a request goes: the server of an operation, and its path filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus, urljoin

from jackfield.definition.names import find
from jackfield.definition.openapi.plan import ServerPlan
from jackfield.definition.operations_paths import base_fault
from jackfield.definition.secret import Secret
from jackfield.execution.errors import BaseUrlUnusable, PathEscape
from jackfield.execution.segments import encode_literal, refuse_dots

HOLE = re.compile(r"\{([^{}]+)\}")
"""A place in a template that a value fills."""

_AUTHORITY = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(:[0-9]+)?")
_BEHIND_HOST = re.compile(r"(:[0-9]+)?(/.*)?")
# RFC 3986, section 3.4, and the brackets that servers are used to.
_QUERY = "/:@!$&'()*+,;=-._~%?[]"


def server_url(server: ServerPlan | None, *, base_url: str, config: Mapping[str, Any], connector: str) -> str:
    """The address that paths are appended to, without a final slash.

    Args:
        server: Of the operation. A relative one is read from the base URL.
        base_url: Of the connection; `{name}` in it is the connection field of that name.
        config: The connection.
        connector: For messages.

    Raises:
        BaseUrlUnusable: There is none, or a value would make another address of it.
    """
    try:
        base = _filled(base_url, {}, config) if base_url else ""
        if server is not None:
            # With a slash at the end, so that nothing of the base URL is lost but by an absolute path.
            base = urljoin(f"{base.rstrip('/')}/" if base else "", _filled(server.url, server.variables, config))
        if reason := base_fault(base) if base else "it has none":
            raise ValueError(reason)
    except ValueError as error:
        raise BaseUrlUnusable(connector=connector, reason=str(error)) from None
    return base.rstrip("/")


def _filled(template: str, variables: Mapping[str, str], config: Mapping[str, Any]) -> str:
    written = ""
    parts = HOLE.split(template.strip())
    for index, part in enumerate(parts):
        if index % 2 == 0:
            written += part
        else:
            ends_host = not parts[index + 1] or parts[index + 1].startswith("/")
            written += _variable(variables.get(part, part), config, written, ends_host=ends_host)
    return written


def _variable(field: str, config: Mapping[str, Any], before: str, *, ends_host: bool) -> str:
    """The value of a variable. Whoever fills in a connection must not send its key to a host of their own."""
    found = config.get(find(field, config) or field)
    value = found.reveal() if isinstance(found, Secret) else found
    if value is None or isinstance(value, bool | list | Mapping):
        raise ValueError(f"the connection field `{field}` is not filled in")
    text = str(value)
    authority = before.partition("://")[2] if "://" in before else None
    if authority is None and not before.startswith("/"):
        return text
    if authority is not None and "/" not in authority:
        # Behind a whole host, as in `https://api.example.com{basePath}`, nothing may go on with its name.
        whole = ends_host and "." in authority and authority[-1].isalnum()
        if not (_BEHIND_HOST if whole else _AUTHORITY).fullmatch(text):
            raise ValueError(f"`{field}` is no part of a host name")
    return quote(text, safe="/:@!$&'()*+,;=-._~%")


def path_and_query(path: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The path of an operation, and the query that is part of it as `name=value`.

    Args:
        path: Of the document. A fragment only tells operations apart.
        values: Encoded, by the names in the path.

    Raises:
        PathEscape: A value is missing or empty, or makes a segment `.` or `..`.
    """
    plain, query = divided(path)
    written = _fill(plain, values, path, encode_literal, empty=False)
    for segment, template in zip(written.split("/"), _segments(plain), strict=False):
        refuse_dots(segment, param=next(iter(HOLE.findall(template)), path), path=path)
    parts = [_fill(part, values, path, query_literal, empty=True) for part in query.split("&") if part]
    return written if written.startswith("/") else f"/{written}", parts


def without(fixed: list[str], given: list[str]) -> list[str]:
    """`fixed` query parts without those whose names are given as well."""
    names = {_name(part) for part in given}
    return [part for part in fixed if _name(part) not in names]


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])


def divided(path: str) -> tuple[str, str]:
    """The path of an operation and its query; marks inside braces belong to a name."""
    masked = HOLE.sub(lambda hole: "x" * len(hole[0]), path)
    end = masked.find("#") if "#" in masked else len(path)
    mark = masked.find("?", 0, end)
    return (path[:end], "") if mark < 0 else (path[:mark], path[mark + 1 : end])


def _segments(path: str) -> list[str]:
    """Templates of the segments; a slash inside braces belongs to a name."""
    masked = HOLE.sub(lambda hole: hole[0].replace("/", "\0"), path)
    return [segment.replace("\0", "/") for segment in masked.split("/")]


def _fill(template: str, values: Mapping[str, str], path: str, literal: Callable[[str], str], *, empty: bool) -> str:
    written = ""
    for index, part in enumerate(HOLE.split(template)):
        if index % 2 == 0:
            written += literal(part)
        elif (text := values.get(part, "")) or (empty and part in values):
            written += text
        else:
            raise PathEscape(param=part, path=path, reason="it is empty")
    return written


def query_literal(text: str) -> str:
    """The fixed part of a query as it goes out: what may stand there stays as its author wrote it."""
    return quote(text, safe=_QUERY)
