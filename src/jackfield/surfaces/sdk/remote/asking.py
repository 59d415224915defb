"""How the resources of a server are asked: lists read whole, one thing by its name, changes of one revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from jackfield.errors import JackfieldError
from jackfield.manage.views import from_json, moment
from jackfield.registry.errors import UnknownConnector
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.wire import Pairs, Wire, to_body

T = TypeVar("T")

PAGE = 200
"""Items that a server gives at once."""


class Asking:
    """What the resources have in common."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def read(self, kind: type[T], document: Any) -> T:
        """The view that a server has written.

        Raises:
            ServerAnswerUnreadable: It is none.
        """
        try:
            return from_json(kind, document)
        except ValueError as error:
            raise unreadable(str(error), url=self.wire.url) from None

    async def one(self, kind: type[T], path: str, *, query: Pairs = ()) -> T:
        """The view at `path`."""
        return self.read(kind, await self.wire.ask("GET", path, query=query))

    async def changed(
        self,
        kind: type[T],
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        revision: int | None = None,
    ) -> T:
        """The view after a change.

        Args:
            kind: Of the view.
            method: Of the request.
            path: Of the request.
            body: What changes.
            revision: Only if it still has this one.
        """
        headers = None if revision is None else {"If-Match": f'"{revision}"'}
        content = None if body is None else to_body(body)
        return self.read(kind, await self.wire.ask(method, path, body=content, headers=headers))

    async def every(self, kind: type[T], path: str, *, query: Pairs = ()) -> list[T]:
        """All views of a list, page by page."""
        found: list[T] = []
        page = 1
        while True:
            asked = [*query, ("page", str(page)), ("pageSize", str(PAGE))]
            document = await self.wire.ask("GET", path, query=asked)
            items = self.items(kind, document)
            found += items
            if len(items) < PAGE or len(found) >= document.get("total", 0):
                return found
            page += 1

    def items(self, kind: type[T], document: Any) -> Sequence[T]:
        """The views of one page of a list.

        Raises:
            ServerAnswerUnreadable: It is none.
        """
        items = document.get("items") if isinstance(document, dict) else None
        if not isinstance(items, list):
            raise unreadable("what it answered is no list", url=self.wire.url)
        return [self.read(kind, item) for item in items]


def given(**arguments: Any) -> list[tuple[str, str]]:
    """Those arguments that are not `None`, as query parameters."""
    shown = {name: value for name, value in arguments.items() if value is not None}
    return [(name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in shown.items()]


def segment(name: str, *, missing: JackfieldError) -> str:
    """`name` as one part of a path.

    Raises:
        JackfieldError: `missing`: no path has such a part, so nothing is called like that.
    """
    if name in {"", ".", ".."} or "/" in name:
        raise missing
    return quote(name, safe="", errors="replace")


def connector_path(wanted: str) -> str:
    """The path of a connector: an id or a name, or `namespace/name`.

    Raises:
        UnknownConnector: No path says that, so nothing is called like that.
    """
    parts = wanted.split("/")
    if len(parts) > 2 or any(part in {"", ".", ".."} for part in parts):
        raise UnknownConnector(connector=wanted, known=[])
    return "/api/connectors/" + "/".join(quote(part, safe="", errors="replace") for part in parts)


def instant(microseconds: int | None) -> str | None:
    """A time as text, to the microsecond."""
    return None if microseconds is None else f"{moment(microseconds)[:-1]}.{microseconds % 1_000_000:06d}Z"
