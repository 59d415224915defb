"""Names of commands: readable, at most 64 characters, distinct whatever the case style, the same at each reading."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from jackfield.definition.names import folded
from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.operations import Found

LONGEST = 64
"""Characters. Language models take no longer names of tools."""

_DIGEST = 6
_WORD = re.compile(r"[A-Z]+s(?![a-z])|[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")
_HOLE = re.compile(r"\{([^{}]*)\}")


def command_names(operations: Sequence[Found], notices: Notices) -> list[str]:
    """A name for each of `operations`.

    A name depends on the `operationId`, or on method and path where there is none. Of several operations with one
    name the one with the shortest path keeps it, and the others get method and path as well: the order in which a
    document has them makes no difference.
    """
    groups: dict[str, list[int]] = {}
    wanted = [_wanted(operation) for operation in operations]
    for at, name in enumerate(wanted):
        groups.setdefault(folded(name), []).append(at)
    names: list[str] = [""] * len(operations)
    taken: set[str] = set()
    late: list[int] = []
    for members in groups.values():
        members.sort(key=lambda at: (len(operations[at].path), operations[at].key))
        first, *others = members
        names[first] = wanted[first]
        taken.add(folded(wanted[first]))
        late += others
    for at in sorted(late, key=lambda at: operations[at].key):
        names[at] = _made_distinct(wanted[at], operations[at], taken)
        taken.add(folded(names[at]))
        what = f"the name `{wanted[at]}` is there already, so this operation is called `{names[at]}`"
        notices.add(operations[at].place, what)
    return names


def snake(text: str) -> str:
    """`text` in ASCII as snake case: `listUsersByID` and `List users/by-id` are both `list_users_by_id`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "_".join(_WORD.findall(text)).lower()


def from_path(method: str, path: str) -> str:
    """`GET /users/{id}` as `get_users_by_id`."""
    words = snake(_HOLE.sub(lambda hole: f" by {hole[1]} ", path))
    return f"{snake(method) or 'call'}_{words or 'root'}"


def _wanted(operation: Found) -> str:
    said = operation.operation.get("operationId")
    name = snake(said) if isinstance(said, str) else ""
    if not name:
        name = from_path(operation.method, operation.path)
    if not name[0].isalpha():
        name = f"{snake(operation.method) or 'call'}_{name}"
    name = _legal(name)
    return name if len(name) <= LONGEST else _shortened(name, operation)


def _legal(name: str) -> str:
    return name if name[0].isalpha() else f"call_{name}"


def _made_distinct(name: str, operation: Found, taken: set[str]) -> str:
    longer = f"{name}_{from_path(operation.method, operation.path)}"
    if len(longer) <= LONGEST and folded(longer) not in taken:
        return longer
    for salt in range(1_000_000):
        shortened = _shortened(name, operation, salt=salt)
        if folded(shortened) not in taken:
            return shortened
    raise AssertionError("a million digests that are all taken")


def _shortened(name: str, operation: Found, *, salt: int = 0) -> str:
    """The beginning of a name, and what tells it from others that begin like it."""
    seed = f"{operation.method} {operation.path} {name} {salt or ''}"
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
    kept = name[: LONGEST - _DIGEST - 1]
    if "_" in kept[LONGEST // 2 :] and name[len(kept) : len(kept) + 1] not in ("", "_"):
        kept = kept.rpartition("_")[0]
    return f"{kept.rstrip('_')}_{digest}"
