"""Media types of bodies: what each is written as, and which one is sent where a document offers several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["json", "form", "multipart", "text", "binary"]

_ORDER: tuple[Kind, ...] = ("json", "form", "multipart", "text", "binary")
_TEXTS = frozenset(
    {
        *("application/xml", "application/javascript", "application/ecmascript", "application/graphql"),
        *("application/yaml", "application/x-yaml", "application/toml", "application/sql", "application/jwt"),
        *("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq", "application/csv"),
        "plain/text",
        *("application/jose", "application/secevent+jwt", "application/sparql-query", "application/sdp"),
    }
)
_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
_ANYTHING = frozenset({"*/*", "application/*", "*", ""})
_SAME_JSON = frozenset(
    {
        *("application/json", "text/json", "application/*+json", "application/x-json", "*/*"),
        "application/json-patch+json",
    }
)
_TEXT_ENDINGS = ("+xml", "+yaml", "+jwt", "+json-seq", "-xml")


def essence(media_type: str) -> str:
    """A media type in lower case, without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def kind_of(media_type: str) -> Kind:
    """How a body of a media type is written. A range (`*/*`) is JSON where JSON is in it."""
    name = essence(media_type)
    if name in _ANYTHING or is_json(name):
        return "json"
    if name == "application/x-www-form-urlencoded":
        return "form"
    if name.startswith("multipart/"):
        return "multipart"
    if name.startswith("text/") or name in _TEXTS or name.endswith(_TEXT_ENDINGS):
        return "text"
    return "binary"


def is_json(media_type: str) -> bool:
    """Whether bodies of it are JSON values."""
    name = essence(media_type)
    return name.endswith("json") and name not in _TEXTS


def is_lines(media_type: str) -> bool:
    """Whether bodies of it are JSON, one value a line."""
    return essence(media_type) in _LINES


def is_range(media_type: str) -> bool:
    """Whether it stands for several, as `image/*` does."""
    return "*" in media_type


def preferred(media_types: Iterable[str]) -> list[str]:
    """The one to be sent first, then the others in the order of the document: JSON, forms, multipart, text, bytes."""
    return sorted(media_types, key=_rank)


def same_json(media_type: str) -> bool:
    """Whether it only is another word for JSON, which frameworks write beside it."""
    return essence(media_type) in _SAME_JSON


def _rank(media_type: str) -> tuple[bool, int, bool, bool]:
    name = essence(media_type)
    return name in _ANYTHING, _ORDER.index(kind_of(media_type)), is_range(media_type), name != "application/json"
