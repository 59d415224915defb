"""The requests of one call, for a caller who wants to see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from yarl import URL

from jackfield.definition.secret import MASK
from jackfield.errors import JackfieldError

MAX_REQUESTS = 100
MAX_URL_CHARACTERS = 2_000

_CREDENTIAL = re.compile(r"token|secret|password|signature|^sig$|key$|^code$|^auth", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Hop:
    """One request on its way.

    Attributes:
        entry: What is told of it.
        began: In the loop's time.
    """

    entry: dict[str, Any]
    began: float


class Seen:
    """The first requests of a call, redirects among them, in the order in which they began.

    Attributes:
        kept: As `{method, url, ms, status?, code?, error?}`. Without `status` nothing was answered: `code` and `error`
            say why, such as `url-refused` for what the network policy forbids. The caller masks them once more, whole.
        left_out: How many came when there was no more room.
    """

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.left_out = 0

    def began(self, method: str, url: str, *, now: float) -> Hop:
        """A request that is about to leave, or to be refused."""
        hop = Hop(entry={"method": method, "url": url, "ms": 0.0}, began=now)
        if len(self.kept) < MAX_REQUESTS:
            self.kept.append(hop.entry)
        else:
            self.left_out += 1
        return hop


def answered(hop: Hop, status: int, *, now: float) -> None:
    """Note its answer; once more when the body has come."""
    hop.entry |= {"status": status, "ms": _ms(hop, now)}


def broke(hop: Hop, error: BaseException, *, now: float, mask: Callable[[str], str]) -> None:
    """Note what became of it without a complete answer."""
    hop.entry["ms"] = _ms(hop, now)
    if isinstance(error, JackfieldError):
        hop.entry |= {"code": error.code, "error": mask(error.message)}
    else:
        hop.entry |= {"code": "cancelled", "error": "it was given up before there was an answer"}


def url_shown(url: URL, shown: str, *, secret: Collection[str], mask: Callable[[str], str]) -> str:
    """A URL with its query, and without secrets.

    Args:
        url: As it is sent.
        shown: The same without query.
        secret: Names in the query whose values are never shown; those that sound like credentials are not either.
        mask: Takes the call's secrets out. It comes before the cut: nobody would recognise half a secret.
    """
    pairs = [pair.partition("=") for pair in url.raw_query_string.split("&") if pair]
    query = "&".join(
        name + equals + (MASK if equals and _is_secret(unquote_plus(name), secret) else value)
        for name, equals, value in pairs
    )
    return mask(f"{shown}?{query}" if query else shown)[:MAX_URL_CHARACTERS]


def _is_secret(name: str, secret: Collection[str]) -> bool:
    return name in secret or _CREDENTIAL.search(name) is not None


def _ms(hop: Hop, now: float) -> float:
    return round((now - hop.began) * 1000, 3)
