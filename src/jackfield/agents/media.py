"""Pictures, sounds and files in a payload, which a model gets as what they are.

A command answers one as `{"type": "image", "mimeType": "image/png", "data": "<base64>"}`, likewise `audio`, and a file
as `{"type": "resource", "uri": "...", "mimeType": "...", "text": "..."}` with `data` in place of `text` for what is no
text.
Anywhere near the top of a payload such a part is taken out, and a few words stand in its place: as text it would be
thousands of tokens that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["image", "audio", "resource"]

MOST = 16
"""Of one payload; further ones stay what they are."""
MAX_CHARACTERS = 5 * 1024 * 1024
"""Of the data of one, which is about 3.75 MiB of bytes: what interfaces of models take of a picture."""
MAX_IN_ALL = 2 * MAX_CHARACTERS

_DEPTH = 4
_KINDS: Mapping[str, Kind] = {"image": "image", "audio": "audio", "resource": "resource"}
_MIME_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]{0,100}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,2000}")


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One of them.

    Attributes:
        data: In base64; empty where it is text.
        text: Of a file that is text.
        uri: Of a file.
    """

    kind: Kind
    mime_type: str
    data: str = field(default="", repr=False)
    text: str | None = field(default=None, repr=False)
    uri: str = ""

    @property
    def characters(self) -> int:
        """That it takes."""
        return len(self.data) + len(self.text or "")


def take_media(payload: Any) -> tuple[Any, tuple[Medium, ...]]:
    """`payload` with words in place of its media, and these. One without any is given back as it is."""
    found = _Found()
    rest = _taken(payload, found, _DEPTH)
    return (_words(rest), tuple(found.media)) if found.seen else (payload, ())


def medium_json(medium: Medium) -> dict[str, Any]:
    """As a command answers one, and `read_medium` reads it."""
    held = {"data": medium.data} if medium.text is None else {"text": medium.text}
    return {"type": medium.kind, "mimeType": medium.mime_type, **held, **({"uri": medium.uri} if medium.uri else {})}


def read_medium(document: Mapping[str, Any]) -> Medium | None:
    """The medium that `document` describes, if it does."""
    kind = document.get("type")
    return _medium(document, _KINDS[kind]) if isinstance(kind, str) and kind in _KINDS else None


class _Found:
    def __init__(self) -> None:
        self.media: list[Medium] = []
        self.seen = 0


def _taken(value: Any, found: _Found, depth: int) -> Any:
    if isinstance(value, Mapping):
        if medium := read_medium(value):
            return _place(medium, found)
        return {key: _taken(part, found, depth - 1) for key, part in value.items()} if depth else value
    if isinstance(value, list) and depth:
        return [_taken(part, found, depth - 1) for part in value]
    return value


def _place(medium: Medium, found: _Found) -> str:
    """The words in its place."""
    found.seen += 1
    said = f"{medium.mime_type or medium.kind}, {medium.characters} characters"
    room = MAX_IN_ALL - sum(one.characters for one in found.media)
    if len(found.media) >= MOST or medium.characters > min(room, MAX_CHARACTERS):
        return f"[{said}: too much to be shown]"
    found.media.append(medium)
    return f"[{said}: shown as number {len(found.media)}]"


def _medium(value: Mapping[str, Any], kind: Kind) -> Medium | None:
    """What `value` describes, if all of it is as it must be: it comes from a service, and goes on to programs."""
    inner = value.get("resource")
    said = inner if kind == "resource" and isinstance(inner, Mapping) else value
    mime_type, text = said.get("mimeType", ""), said.get("text")
    data = said.get("data", said.get("blob"))
    if not isinstance(mime_type, str) or not _MIME_TYPE.fullmatch(mime_type):
        return None
    if kind != "resource":
        fits = mime_type.startswith(f"{kind}/") and _is_base64(data) and data
        return Medium(kind=kind, mime_type=mime_type, data=data) if fits else None
    uri = said.get("uri")
    if not isinstance(uri, str) or not _URI.fullmatch(uri):
        return None
    if isinstance(text, str):
        return Medium(kind=kind, mime_type=mime_type, text=text, uri=uri)
    return Medium(kind=kind, mime_type=mime_type, data=data, uri=uri) if _is_base64(data) else None


def _is_base64(data: Any) -> bool:
    return isinstance(data, str) and len(data) % 4 == 0 and _BASE64.fullmatch(data) is not None


def _words(rest: Any) -> Any:
    """A list of texts and media, as models write them themselves, reads as its texts."""
    if not isinstance(rest, list) or not all(isinstance(part, str) or _is_text(part) for part in rest):
        return rest
    return "\n".join(part if isinstance(part, str) else part["text"] for part in rest)


def _is_text(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "text" and isinstance(part.get("text"), str)
