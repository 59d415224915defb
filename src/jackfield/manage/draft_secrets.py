"""The secrets inside of a draft: they go in, and what stands in their places comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.places import Place, parts, put

MARKER: Mapping[str, str] = {"$secret": "set"}
"""Stands where a secret is kept. Sent back, it keeps the secret."""

MAX_SECRETS = 100


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is in a draft.

    Attributes:
        body: A marker in the place of each secret that is kept.
        places: Where its author says that secrets are: JSON Pointers.
        secrets: Those that are kept, by place.
    """

    body: Mapping[str, Any]
    places: Sequence[str] = ()
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)


def to_bytes(content: Content) -> bytes:
    """What is sealed."""
    return orjson.dumps({"body": content.body, "places": list(content.places), "secrets": content.secrets})


def from_bytes(opened: bytes) -> Content:
    """What `to_bytes` has written."""
    return Content(**orjson.loads(opened))


def separated(body: Mapping[str, Any], places: Any, *, kept: Mapping[str, Any]) -> Content:
    """A body with its secrets taken out.

    A marker at one of `places` keeps the secret that is there. What is kept at other places is forgotten.

    Args:
        body: As its author has sent it.
        places: JSON Pointers; as sent.
        kept: Secrets by place, as they are so far.

    Raises:
        InvalidParams: `places` are none; or a marker stands where no secret is kept.
    """
    pointers = _checked(places)
    found = {place: value for place in pointers if (value := value_at(body, place)) is not ...}
    faults = [
        Fault(pointer=f"/body{place}", message="is the marker of a secret, and none is kept there")
        for place, value in found.items()
        if is_marker(value) and place not in kept
    ]
    secrets = {place: kept.get(place) if is_marker(value) else value for place, value in found.items()}
    shown = put(body, dict.fromkeys(secrets, MARKER))
    faults += [
        Fault(pointer=f"/body{place}", message="is the marker of a secret, and not among `secrets`")
        for place in markers_in(shown)
        if place not in secrets
    ]
    if faults:
        raise refused(faults)
    return Content(body=shown, places=pointers, secrets=secrets)


def filled(body: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """`body` with the secrets in the places of their markers.

    Raises:
        InvalidParams: A marker stands where none is kept.
    """
    places = list(markers_in(body))
    faults = [
        Fault(pointer=place, message="is the marker of a secret, and the draft keeps none there")
        for place in places
        if place not in secrets
    ]
    if faults:
        raise refused(faults)
    return dict(put(body, {place: secrets[place] for place in places}))


def is_marker(value: Any) -> bool:
    """Whether `value` stands for a secret."""
    return isinstance(value, Mapping) and value == MARKER


def markers_in(value: Any, at: Place = ()) -> Iterator[str]:
    """The places of all markers."""
    if is_marker(value):
        yield pointer(at)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from markers_in(inner, (*at, name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from markers_in(inner, (*at, index))


def value_at(document: Any, place: str) -> Any:
    """The value at a JSON Pointer; `...` where there is none. Source: RFC 6901, section 4."""
    for part in parts(place):
        if isinstance(document, Mapping):
            document = document.get(part, ...)
        elif isinstance(document, list | tuple) and part.isascii() and part.isdigit() and str(int(part[:9])) == part:
            document = document[int(part)] if int(part) < len(document) else ...
        else:
            return ...
    return document


def refused(faults: Sequence[Fault]) -> InvalidParams:
    """The error of markers that stand for nothing. No secret is in it."""
    return InvalidParams(
        faults=list(faults), where="the draft", hint="send the secret itself, or null, in the place of the marker"
    )


def _checked(places: Any) -> list[str]:
    """`places`, if they are JSON Pointers of which none lies inside of another.

    Raises:
        InvalidParams: They are not.
    """
    texts = isinstance(places, list | tuple) and all(isinstance(place, str) for place in places)
    if not texts or len(places) > MAX_SECRETS or any(not _is_pointer(place) for place in places):
        message = f"must be a list of at most {MAX_SECRETS} JSON Pointers into the body, such as `/config/token`"
        raise _wrong(message)
    found = list(dict.fromkeys(places))
    if any(inner.startswith(f"{outer}/") for inner in found for outer in found):
        raise _wrong("has a place inside of another one")
    return found


def _is_pointer(place: str) -> bool:
    return 1 < len(place) <= 500 and place.startswith("/") and pointer(parts(place)) == place


def _wrong(message: str) -> InvalidParams:
    fault = Fault(pointer="/secrets", message=message)
    return InvalidParams(faults=[fault], where="the draft", hint="give the places of the secrets in the body")
