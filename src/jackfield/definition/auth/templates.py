"""Texts of an `auth` in which `{name}` stands for a connection field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jackfield.definition.auth.spec import Faults
from jackfield.definition.auth.suggesting import suggested
from jackfield.definition.names import find

HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")


def holes_in(text: str) -> list[str]:
    """The names that stand in `text` in braces."""
    return HOLE.findall(text)


def template_faults(
    auth: Mapping[str, Any], keys: Collection[str], fields: Collection[str], secret_fields: Collection[str]
) -> Faults:
    """Places that no connection field fills, or only one whose value must not be shown: an address is no secret.

    Args:
        auth: In its canonical form.
        keys: Those whose texts are filled in.
    """
    known = dict.fromkeys(fields)
    for key in auth:
        if key not in keys:
            continue
        for at, text in _texts(auth[key], (key,)):
            for name in dict.fromkeys(holes_in(text)):
                found = find(name, known)
                if found is None:
                    yield at, f"`{{{name}}}` is no connection field", suggested(name, fields)
                elif found in secret_fields:
                    hint = "addresses and parameters are shown and logged: use a field that is no secret"
                    yield at, f"`{{{name}}}` is a secret", hint


def _texts(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The text itself, or those directly in an object: deeper ones are sent as they are."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        yield from (((*at, str(key)), inner) for key, inner in value.items() if isinstance(inner, str))
