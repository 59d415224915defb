"""Connectors written down in YAML and JSON files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.bodies import Entry, read_entry
from jackfield.registry.errors import LoadFailed
from jackfield.registry.parsing import parse

_LISTS = ("connectors",)


def read_file(path: Path) -> list[Entry]:
    """The connectors of a YAML or JSON file.

    Raises:
        LoadFailed: It cannot be parsed, or an entry is wrong; names the line or the entry.
    """
    documents = parse(path.read_bytes(), str(path))
    try:
        return [read_entry(raw, place=str(path)) for document in documents for raw in _entries(document)]
    except JackfieldError as error:
        raise LoadFailed(place=str(path), reason=f"{error.message} ({error.hint})") from error


def read_bodies(content: bytes, *, place: str) -> list[dict[str, Any]]:
    """The entries of a YAML or JSON document, as they were written.

    Args:
        content: UTF-8; JSON is YAML too.
        place: For errors; a name that ends with `.json` is read as JSON, which tells the line of a mistake better.

    Raises:
        LoadFailed: It cannot be parsed, or holds something else than connectors.
    """
    try:
        return [_object(raw) for document in parse(content, place) for raw in _entries(document)]
    except InvalidDefinition as error:
        raise LoadFailed(place=place, reason=f"{error.message} ({error.hint})") from error


def _entries(document: Any) -> Iterator[Any]:
    """The entries of a document: a config with `spec`, bare lists, one connector, or a list of them."""
    if isinstance(document, list):
        yield from document
    elif isinstance(document, Mapping) and "apiVersion" in document:
        yield from _entries(document.get("spec") or {})
    elif isinstance(document, Mapping) and any(name in document for name in _LISTS):
        yield from document["connectors"] or []
    elif isinstance(document, Mapping) and "name" in document:
        yield document
    elif document:
        raise InvalidDefinition(
            "the document has no `connectors`", hint="write a list `connectors:`, or one connector with a `name`"
        )


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidDefinition(f"a connector is `{str(raw)[:80]}`", hint="it must be an object with at least a `name`")
    return dict(raw)
