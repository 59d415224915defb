"""The bookshop's API. It keeps nothing: an order is a number, and is forgotten."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MAX_LIMIT = 50
MAX_COPIES = 10
MAX_BODY_BYTES = 10_000


@dataclass(frozen=True, kw_only=True)
class Book:
    """A book that is for sale.

    Attributes:
        cents: Its price.
        copies: In stock.
    """

    id: int
    title: str
    author: str
    year: int
    cents: int
    copies: int


BOOKS = (
    Book(id=1, title="Flatland", author="Edwin A. Abbott", year=1884, cents=900, copies=12),
    Book(id=2, title="Middlemarch", author="George Eliot", year=1871, cents=1450, copies=4),
    Book(id=3, title="The Time Machine", author="H. G. Wells", year=1895, cents=850, copies=7),
    Book(id=4, title="Three Men in a Boat", author="Jerome K. Jerome", year=1889, cents=950, copies=9),
    Book(id=5, title="Frankenstein", author="Mary Shelley", year=1818, cents=1100, copies=0),
    Book(id=6, title="The War of the Worlds", author="H. G. Wells", year=1898, cents=900, copies=3),
)


def bookshop(*, token: str) -> Starlette:
    """The API as an ASGI application.

    Args:
        token: What a caller of `/me` has to send as a bearer.
    """
    numbers = count(1001)

    async def me(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return _problem(401, "this takes a token of the bookshop")
        # It answers the token, as careless services do: what a caller of Jackfield sees of it is a mask.
        return JSONResponse({"customer": "demo", "token": token})

    async def order(request: Request) -> Response:
        wanted = await _json(request)
        book = _book(wanted.get("bookId"))
        copies = wanted.get("copies", 1)
        if book is None:
            return _problem(404, "there is no such book")
        if type(copies) is not int or not 0 < copies <= MAX_COPIES:
            return _problem(400, f"`copies` must be a number from 1 to {MAX_COPIES}")
        if copies > book.copies:
            return _problem(409, f"there are {book.copies} copies of {book.title}")
        answer = {"order": next(numbers), "book": book.title, "copies": copies, "cents": copies * book.cents}
        return JSONResponse(answer, status_code=201)

    routes = [
        Route("/books", _list),
        Route("/books/{id}", _get),
        Route("/orders", order, methods=["POST"]),
        Route("/unstable", _unstable),
        Route("/me", me),
    ]
    return Starlette(routes=routes)


async def _list(request: Request) -> Response:
    words = request.query_params.get("query", "").lower()
    limit = request.query_params.get("limit", "10")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 0 < int(limit) <= MAX_LIMIT):
        return _problem(400, f"`limit` must be a number from 1 to {MAX_LIMIT}")
    found = [book for book in BOOKS if words in f"{book.title} {book.author}".lower()]
    return JSONResponse({"books": [asdict(book) for book in found[: int(limit)]], "total": len(found)})


async def _get(request: Request) -> Response:
    book = _book(request.path_params["id"])
    return JSONResponse(asdict(book)) if book else _problem(404, "there is no such book")


async def _unstable(request: Request) -> Response:
    return _problem(503, "the bookshop is closed for stocktaking")


def _book(id: Any) -> Book | None:
    return next((book for book in BOOKS if str(book.id) == str(id)), None)


async def _json(request: Request) -> dict[str, Any]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status_code=status)
