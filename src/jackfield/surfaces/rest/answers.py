"""Views as answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from starlette.responses import Response

from jackfield.manage.listing import Listed, Query, listed
from jackfield.manage.views import to_json

T = TypeVar("T")

JSON = "application/json"
NO_CONTENT = 204


def answer(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON as an answer."""
    return Response(orjson.dumps(document), status_code=status, headers=dict(headers or {}), media_type=JSON)


def answer_view(view: Any, *, status: int = 200, location: str = "") -> Response:
    """One view as an answer, with the header `ETag` where it has a revision.

    Args:
        view: A dataclass.
        status: 201 for what was made just now.
        location: Where that can be found.
    """
    return answer_shown(to_json(view), revision=getattr(view, "revision", 0), status=status, location=location)


def answer_shown(document: Any, *, revision: int, status: int = 200, location: str = "") -> Response:
    """As `answer_view`, for a view that is shown in another shape.

    Args:
        document: As JSON.
        revision: 0 for what has none.
        status: As in `answer_view`.
        location: As in `answer_view`.
    """
    headers = {"Location": location} if location else {}
    if revision:
        headers["ETag"] = f'"{revision}"'
    return answer(document, status=status, headers=headers)


def answer_list(views: Sequence[T], query: Query, *, kind: type[T]) -> Response:
    """The page of `views` that is wanted.

    Raises:
        InvalidQuery: It cannot be answered.
    """
    return answer(list_document(listed(views, query, kind=kind), to_json))


def list_document(found: Listed[T], shown: Callable[[T], Any]) -> dict[str, Any]:
    """A page of a list as JSON: `{items, total, page, pageSize}`."""
    return {
        "items": [shown(view) for view in found.items],
        "total": found.total,
        "page": found.window.page,
        "pageSize": found.window.limit,
    }


def no_content() -> Response:
    """It is done, and there is nothing to say."""
    return Response(status_code=NO_CONTENT)
