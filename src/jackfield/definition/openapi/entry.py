"""An OpenAPI document as a connector that a program configures for itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Given: TypeAlias = Mapping[str, Any] | str | bytes | os.PathLike[str]


def is_address(text: str) -> bool:
    """Whether a text is the address of a document and not the document, nor a path."""
    stripped = text.strip()
    return stripped.lower().startswith(("http://", "https://")) and len(stripped.split()) == 1


def entry_of(
    source: Given, *, name: str | None, select: Iterable[str] | None, config: Mapping[str, Any] | None
) -> dict[str, Any]:
    """See `definition.connector.Connector.from_openapi`."""
    chosen = {} if select is None else {"select": list(select)}
    filled = {} if config is None else {"config": dict(config)}
    if isinstance(source, str) and is_address(source):
        return ({"name": name} if name else {}) | {"specUrl": source.strip()} | chosen | filled
    from jackfield.definition.openapi.bundles import read_bundle
    from jackfield.definition.openapi.reader import draft, read_openapi

    given: dict[str, Any] = {}
    if isinstance(source, os.PathLike) or (isinstance(source, str) and not _is_text(source)):
        bundle = read_bundle(Path(source))
        source, given = bundle.spec, {"bundle": bundle.files or None, "at": bundle.at}
    return draft(read_openapi(source, name=name, select=chosen.get("select"), **given)) | filled


def _is_text(source: str) -> bool:
    """A document has a line of its own for most of what it says, or is an object; a path has neither."""
    return "\n" in source or source.lstrip().startswith("{") or not source.strip()
