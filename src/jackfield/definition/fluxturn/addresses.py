"""`endpoints.base_url`, and the addresses of actions that have their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from jackfield.definition.fluxturn.holes import HOLE
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.operations_paths import base_fault, holes

_ABSOLUTE = re.compile(r"(https?://[^/?#]+)(.*)", re.DOTALL)
BASE_KEYS = ("base_url", "baseUrl", "baseURL", "base")


def base_of(endpoints: Mapping[str, Any], apis: Iterable[Mapping[str, Any]]) -> str:
    """The address of the connector: as it is said, else the one that most actions have; empty where there is none."""
    said = next((endpoints[key] for key in BASE_KEYS if isinstance(endpoints.get(key), str) and endpoints[key]), "")
    if said:
        return plain_holes(said)
    own = Counter(plain_holes(api["baseUrl"]) for api in apis if isinstance(api.get("baseUrl"), str) and api["baseUrl"])
    return next((url for url, _ in own.most_common() if not address_fault(url)), "")


def address_fault(url: str) -> str:
    """Why requests cannot be sent to `url`; empty where they can, or where its holes decide."""
    try:
        return "" if holes(url) else base_fault(url)
    except ValueError as error:
        return str(error)


def own_address(base: str, path: str, common: str) -> tuple[str, str]:
    """The base URL that an action needs beside `common`, if any, and its path.

    An address under the common one is that one: the connection decides then where it goes.
    """
    base = plain_holes(base)
    if not base or base == common:
        return "", path
    if common and base.startswith(f"{common}/"):
        between = base.removeprefix(common)
        return "", between + (path if path.startswith(("/", "?")) or not path else f"/{path}")
    return base, path


def split_address(endpoint: str) -> tuple[str, str]:
    """The host of an endpoint that is a whole address, and its path."""
    found = _ABSOLUTE.fullmatch(endpoint.strip())
    return (found[1], found[2]) if found else ("", endpoint.strip())


def plain_holes(url: str) -> str:
    """`url` with `{name}` for each of its holes, and no slash at its end."""
    return HOLE.sub(lambda found: f"{{{found[1] or found[2]}}}", url.strip()).rstrip("/")


def with_fields(url: str, fields: Known) -> str:
    """`url` with its holes as the connection spells the fields."""
    return HOLE.sub(lambda found: f"{{{fields.find(found[1] or found[2]) or found[1] or found[2]}}}", url)
