"""Small documents for tests, in 3.0 and 3.1."""

from __future__ import annotations

from typing import Any

from jackfield.definition.openapi.reader import Read, read_openapi

VERSIONS = ("3.0.3", "3.1.0")


def document(paths: dict[str, Any], *, version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    """A document with these paths."""
    return {"openapi": version, "info": {"title": "Acme", "version": "1"}, "paths": paths, **more}


def read(paths: dict[str, Any], *, version: str = "3.1.0", select: list[str] | None = None, **more: Any) -> Read:
    """A document with these paths, read."""
    return read_openapi(document(paths, version=version, **more), select=select)


def one(operation: dict[str, Any], *, path: str = "/things", method: str = "post", **more: Any) -> Read:
    """A document with one operation called `it`, read."""
    return read({path: {method: {"operationId": "it", **operation}}}, **more)


def sent(content: dict[str, Any], *, required: bool = True, **more: Any) -> Read:
    """A document with one operation that has a body, read."""
    return one({"requestBody": {"required": required, "content": content}}, **more)


def words(found: Read) -> str:
    """All warnings as one text."""
    return "\n".join(f"{notice.pointer}: {notice.message}" for notice in found.make_all().warnings)
