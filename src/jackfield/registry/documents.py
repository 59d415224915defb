"""Connectors written down in YAML and JSON files, and in scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.errors import JackfieldError
from jackfield.registry.bodies import Entry, read_entry
from jackfield.registry.errors import LoadFailed
from jackfield.registry.parsing import parse
from jackfield.registry.script_files import SUFFIX, body_of, script_named, with_script

_LISTS = ("connectors",)


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """What a file has.

    Attributes:
        entries: Its connectors.
        scripts: The files that they name.
    """

    entries: Sequence[Entry]
    scripts: Sequence[Path] = ()


def read_file(path: Path) -> FileRead:
    """The connectors of a YAML or JSON file, or that of a script.

    Raises:
        LoadFailed: It cannot be parsed, or an entry is wrong; names the line or the entry.
    """
    raws = _raws(path.read_bytes(), str(path))
    scripts = [script_named(raw, path.parent) for raw in raws]
    try:
        entries = [
            read_entry(with_script(raw, path.parent), place=str(script or path))
            for raw, script in zip(raws, scripts, strict=True)
        ]
    except LoadFailed:
        raise
    except JackfieldError as error:
        raise LoadFailed(place=str(path), reason=f"{error.message} ({error.hint})") from error
    return FileRead(entries=entries, scripts=[script for script in scripts if script is not None])


def read_bodies(content: bytes, *, place: str) -> list[dict[str, Any]]:
    """The entries of a YAML or JSON document, or that of a script, as they were written.

    A script in a file of its own is read from there, beside the document.

    Args:
        content: UTF-8; JSON is YAML too.
        place: For errors; a name that ends with `.json` is read as JSON, which tells the line of a mistake better, and
            one that ends with `.js` as a script.

    Raises:
        LoadFailed: It cannot be parsed, or holds something else than connectors.
    """
    try:
        return [_object(with_script(raw, Path(place).parent)) for raw in _raws(content, place)]
    except InvalidDefinition as error:
        raise LoadFailed(place=place, reason=f"{error.message} ({error.hint})") from error


def read_change(content: bytes, *, place: str) -> dict[str, Any]:
    """What a YAML or JSON document says of one connector that there is, as it was written.

    Raises:
        LoadFailed: It cannot be parsed, or is no object.
    """
    documents = parse(content, place)
    if len(documents) != 1 or not isinstance(documents[0], Mapping):
        raise LoadFailed(place=place, reason="it is no object with what shall be otherwise")
    return dict(with_script(documents[0], Path(place).parent))


def _raws(content: bytes, place: str) -> list[Any]:
    if place.endswith(SUFFIX):
        return [body_of(Path(place), content)]
    try:
        return [raw for document in parse(content, place) for raw in _entries(document)]
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
