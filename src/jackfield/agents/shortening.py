"""Results that fit: whole items, else shorter texts, and never more characters than the model is to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jackfield.agents.json_text import json_text
from jackfield.agents.projection import Part

LEAST = 400
"""Characters: less leaves no room to say how to get the rest."""

_STEPS: tuple[tuple[int, int | None], ...] = ((2_000, None), (400, 50), (100, 10), (30, 3))
"""How long texts inside may stay, and how many items of lists, tried in this order."""
_CUT = "… ({} more characters)"


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What of a part fits.

    Attributes:
        payload: What is shown; a text where nothing else would fit.
        next: The number of the first item that is not shown; `None` where all are, or there is no list.
        texts: Whether texts inside were cut, or things left out.
    """

    payload: Any
    next: int | None = None
    texts: bool = False


def fit(part: Part, characters: int) -> Fitted:
    """As much of `part` as makes at most `characters` of JSON."""
    end = part.start + len(part.items)
    more = end if end < part.total else None
    if len(json_text(part.payload)) <= characters:
        return Fitted(payload=part.payload, next=more)
    if part.place is not None and (count := _whole_items(part, characters)):
        return Fitted(payload=part.with_items(list(part.items[:count])), next=part.start + count)
    return _cut(part, characters, more)


def _whole_items(part: Part, characters: int) -> int:
    """How many items fit."""
    used = len(json_text(part.with_items([])))
    for count, item in enumerate(part.items):
        used += len(json_text(item)) + 1
        if used > characters:
            return count
    return len(part.items)


def _cut(part: Part, characters: int, more: int | None) -> Fitted:
    """The first item, or the payload, with shorter texts and lists; at last the beginning of its JSON."""
    first = part.with_items(list(part.items[:1])) if part.items else part.payload
    following = part.start + 1 if part.items and part.start + 1 < part.total else (None if part.items else more)
    for length, items in _STEPS:
        cut = _shorter(first, length, items)
        if len(json_text(cut)) <= characters:
            return Fitted(payload=cut, next=following, texts=True)
    text = json_text(first)
    room = max(0, characters - len(json_text(_CUT)) - 20)
    return Fitted(payload=_within(text, room, len(text)), next=following, texts=True)


def _within(text: str, room: int, whole: int) -> str:
    """The beginning of `text` whose own JSON, with all that JSON escapes, takes no more than `room`."""
    kept = text[:room]
    while kept and len(json_text(kept)) > room:
        kept = kept[: max(0, len(kept) - max(1, (len(json_text(kept)) - room) // 2))]
    return f"{kept}{_CUT.format(whole - len(kept))}"


def _shorter(value: Any, length: int, items: int | None) -> Any:
    if isinstance(value, str):
        return value if len(value) <= length else f"{value[:length]}{_CUT.format(len(value) - length)}"
    if isinstance(value, list):
        kept = value if items is None else value[:items]
        return [_shorter(item, length, items) for item in kept]
    if isinstance(value, dict):
        return {key: _shorter(item, length, items) for key, item in value.items()}
    return value
