"""What is shown of drafts, to whoever has made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DraftInfo:
    """A draft, as it stands in a list.

    Attributes:
        id: Of the draft.
        kind: What it is a draft of, such as `connector`.
        name: For people; several drafts may have one.
        revision: Raised by every change.
        created, updated: Microseconds since 1970.
        expires: When it is deleted, unless it changes; microseconds since 1970.
    """

    id: str
    kind: str
    name: str
    revision: int
    created: int
    updated: int
    expires: int


@dataclass(frozen=True, kw_only=True)
class Draft(DraftInfo):
    """A draft.

    Attributes:
        id: Of the draft.
        kind: What it is a draft of, such as `connector`.
        name: For people; several drafts may have one.
        revision: Raised by every change.
        created, updated: Microseconds since 1970.
        expires: When it is deleted, unless it changes; microseconds since 1970.
        body: As it was sent, `{"$secret": "set"}` in the place of each secret.
        secrets: Where in the body secrets are, or may be: JSON Pointers.
    """

    body: Mapping[str, Any] = field(repr=False)
    secrets: Sequence[str]
