"""The operations of a document, found without looking into any of them further than their names need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.references import References, inside

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Source: OpenAPI 3.2.0, section 4.9 (`query` came with it)."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Source: RFC 9110, sections 5.6.2 and 9.1."""
_LONGEST = 40
_BESIDE = frozenset({"$ref", "summary", "description", "servers", "parameters", "additionalOperations"})


@dataclass(frozen=True, kw_only=True)
class Found:
    """One operation, as the document has it.

    Attributes:
        method: In capitals.
        path: The key in `paths`, with a slash in front.
        operation, item: Its object, and that of its path.
        place, item_place: Where they are.
    """

    method: str
    path: str
    operation: Mapping[str, Any]
    item: Mapping[str, Any]
    place: str
    item_place: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others, whatever it is called."""
        return self.path, self.method


def find_operations(references: References) -> list[Found]:
    """Every operation, in the order of the document. What is none is a notice."""
    document = references.document
    paths = document.root.get("paths")
    if paths is None:
        document.notices.add("#", "the document has no `paths`: there is nothing to call")
        return []
    if not isinstance(paths, Mapping):
        document.notices.add("#/paths", "it is no object, so it is left out")
        return []
    found: dict[tuple[str, str], Found] = {}
    for operation in _of_paths(paths, references):
        if operation.key in found:
            document.notices.add(operation.place, "another path is the same but for its slash, so it is left out")
        else:
            found[operation.key] = operation
    return list(found.values())


def _of_paths(paths: Mapping[str, Any], references: References) -> Iterator[Found]:
    notices = references.document.notices
    for raw_path, raw_item in paths.items():
        path = str(raw_path)
        if path.startswith("x-"):
            continue
        followed = references.follow(raw_item, inside("#", "paths", path))
        item, place = followed.value, followed.place
        if not isinstance(item, Mapping):
            notices.add(inside("#", "paths", path), "the path is no object, so it is left out")
            continue
        if isinstance(raw_item, Mapping) and "$ref" in raw_item and len(raw_item) > 1:
            item = {**item, **{key: value for key, value in raw_item.items() if key != "$ref"}}
        yield from _of_item(path, item, place, notices)


def _of_item(path: str, item: Mapping[str, Any], place: str, notices: Notices) -> Iterator[Found]:
    rooted = path if path.startswith("/") else f"/{path}"
    for method, operation, at in _methods(item, place, notices):
        if isinstance(operation, Mapping):
            yield Found(method=method, path=rooted, operation=operation, item=item, place=at, item_place=place)
        else:
            notices.add(at, "the operation is no object, so it is left out")


def _methods(item: Mapping[str, Any], place: str, notices: Notices) -> Iterator[tuple[str, Any, str]]:
    for key, value in item.items():
        name = str(key)
        if name.lower() in METHODS:
            yield name.upper(), value, inside(place, name)
        elif name not in _BESIDE and not name.startswith("x-"):
            notices.add(inside(place, name), "it is no HTTP method, so it is left out")
    more = item.get("additionalOperations")
    for name, value in more.items() if isinstance(more, Mapping) else ():
        at = inside(place, "additionalOperations", str(name))
        if _TOKEN.fullmatch(str(name)) and len(str(name)) <= _LONGEST:
            yield str(name), value, at
        else:
            notices.add(at, "it is no word that a request can have for a method, so it is left out")
