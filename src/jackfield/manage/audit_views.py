"""What is shown of the audit log. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["done", "denied"]
MAX_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry, for people.

    Attributes:
        at: Microseconds since 1970.
        actor: Id of the user that did it.
        actor_name: The user's name as it is now; the id where there is none.
    """

    sequence: int
    at: int
    actor: str
    actor_name: str
    action: str
    resource: str
    resource_id: str
    verdict: Verdict
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some entries, newest first; `cursor` continues after them.

    Attributes:
        total: How many there are; `None` where it was not asked for.
    """

    items: Sequence[Entry]
    cursor: str | None
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of a walk along the whole log.

    Attributes:
        entries: How many entries are in order, from the first one on.
        broken: Number of the first entry that is not; `None` when all are.
        problem: What is wrong with it.
        anchor: Number and hash of the last one in order. Kept elsewhere and given to a later `verify`, it shows
            whether what was there then still is.
    """

    entries: int
    broken: int | None
    problem: str
    anchor: str

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.broken is None
