"""What the body of an action is: its content type, and how its params become it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from jackfield.definition.fluxturn.notes import Notes
from jackfield.definition.fluxturn.params import described
from jackfield.definition.operations_mapping import Name
from jackfield.definition.operations_reader import Place, named

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("", "json", "application/json"), ""),
    **dict.fromkeys(("form", "urlencoded", "form-urlencoded", "x-www-form-urlencoded", FORM), FORM),
    **dict.fromkeys(("multipart", "form-data", "formdata", MULTIPART), MULTIPART),
    "xml": "application/xml",
    "text": "text/plain",
}
_JSON_VARIANT = re.compile(r"application/[\w.+-]+\+json")
_TEXT = re.compile(r"text/[\w.+-]+|application/([\w.-]+\+)?xml")
_FILES = frozenset({"file", "binary", "base64"})


def content_type(said: str) -> str | None:
    """The content type to be sent: empty for JSON, which needs no word; `None` where no body of it can be made."""
    word = said.partition(";")[0].strip().lower()
    if word in _TYPES:
        return _TYPES[word]
    if _JSON_VARIANT.fullmatch(word):
        return ""
    return word if _TEXT.fullmatch(word) else None


def is_text(content: str) -> bool:
    """Whether a body is one text, XML for example."""
    return _TEXT.fullmatch(content) is not None


def mark_files(properties: dict[str, Any], raw: Any) -> None:
    """Say of the params that are files that callers give them in base64: JSON has no bytes.

    Args:
        properties: Of the schema of the params.
        raw: What it was made of.
    """
    for name, said in described(raw, (), Notes())[0].items():
        if name in properties and _is_file(said):
            properties[name] = {**properties[name], "type": "string", "contentEncoding": "base64"}
        elif name in properties and isinstance(said, Mapping) and _is_file(said.get("items")):
            properties[name] = {**properties[name], "items": {"type": "string", "contentEncoding": "base64"}}


def mark_whole(properties: dict[str, Any], in_body: Collection[str], content: str) -> str:
    """Make the one param that goes into the body all of it; why that cannot be, or nothing."""
    if len(in_body) > 1:
        return f"a body of the type `{content[:80]}` is one text, and {named(sorted(in_body)[:5])} would be in it"
    for name in in_body:
        properties[name] = {**properties[name], "in": "content"}
    return ""


def name_in_json(name: str, place: Place, notes: Notes) -> Name:
    """What a service calls a param in a JSON body: `message.text` is the member `text` of the member `message`."""
    steps = name.split(".")
    if len(steps) > 1 and all(steps) and "[" not in name:
        return steps
    if "[" in name or len(steps) > 1:
        notes.add(place, f"the service gets `{name}` as a name, and not as a path into a list")
    return name


def _is_file(said: Any) -> bool:
    if isinstance(said, str):
        return said.lower() in _FILES
    if not isinstance(said, Mapping):
        return False
    words = (said.get("type"), said.get("inputType"), said.get("format"))
    return any(isinstance(word, str) and word.lower() in _FILES for word in words)
