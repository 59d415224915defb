"""What a document is that is no OpenAPI document, in words that help who gave it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_KINDS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("an AsyncAPI document", lambda it: "asyncapi" in it),
    ("an Arazzo document", lambda it: "arazzo" in it),
    ("an overlay for OpenAPI", lambda it: "overlay" in it),
    ("a Postman collection", lambda it: "item" in it and isinstance(it.get("info"), dict)),
    ("an Insomnia export", lambda it: it.get("_type") == "export"),
    ("a HAR recording", lambda it: isinstance(it.get("log"), dict) and "entries" in it["log"]),
    ("a Google discovery document", lambda it: "discoveryVersion" in it),
    (
        "a GraphQL schema",
        lambda it: "__schema" in it or (isinstance(it.get("data"), dict) and "__schema" in it["data"]),
    ),
    ("a RAML document", lambda it: any(str(key).startswith("#%RAML") for key in it)),
    ("a Smithy model", lambda it: "smithy" in it),
    ("a Jackfield definition", lambda it: "executionModel" in it or "commands" in it or "operations" in it),
    ("a definition with `supported_actions`", lambda it: "supported_actions" in it),
    ("a JSON Schema", lambda it: "$schema" in it or "properties" in it or "$defs" in it),
)


def what_it_is(value: Any) -> str:
    """Words for `value`, as in `it is ...`."""
    if isinstance(value, dict):
        return _of_object(value)
    if isinstance(value, str):
        return _of_text(value)
    if value is None:
        return "empty"
    return "a list" if isinstance(value, list) else f"a {type(value).__name__}"


def _of_object(value: dict[str, Any]) -> str:
    if not value:
        return "an empty object"
    known = next((words for words, fits in _KINDS if fits(value)), None)
    return known or "an object with " + ", ".join(f"`{str(key)[:40]}`" for key in list(value)[:5])


def _of_text(value: str) -> str:
    start = value.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        return "a web page (HTML)"
    if start.startswith("<"):
        return "XML"
    return "a text"
