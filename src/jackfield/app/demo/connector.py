"""The connector `demo`, as somebody would write it down: a base URL and a list of requests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jackfield.app.demo.bookshop import BOOKS, MAX_COPIES, MAX_LIMIT

NAME = "demo"

_ORDER = {"order": 1001, "book": BOOKS[0].title, "copies": 1, "cents": BOOKS[0].cents}
_BOOK_ID = {"type": "integer", "description": "Of the book, as `list_books` shows it."}


def demo_entry(*, address: str, token: str) -> dict[str, Any]:
    """What a file in `connectors` would have.

    Args:
        address: `host:port` of the bookshop. It is all that the connector may reach beyond what every one may.
        token: Of the bookshop's customer.
    """
    return {
        "name": NAME,
        "displayName": "Demo bookshop",
        "description": "A small bookshop that the server runs itself, to try things with.",
        "baseUrl": f"http://{address}",
        "connectionConfig": {"token": {"type": "secret", "description": "Token of a customer."}},
        "auth": {"type": "bearer", "field": "token"},
        "config": {"token": token},
        "egress": {"allow": address},
        "testCommand": "test",
        "operations": [_list_books(), _get_book(), _order_book(), _unstable(), _test()],
    }


def _list_books() -> dict[str, Any]:
    books = [asdict(book) for book in BOOKS[:2]]
    return {
        "name": "list_books",
        "description": "List books, perhaps only those whose title or author has some words in it.",
        "method": "GET",
        "path": "/books",
        "parameters": {
            "properties": {
                "query": {"type": "string", "description": "Words to look for."},
                "limit": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_LIMIT,
                    "default": 10,
                    "description": "Books to return.",
                },
            }
        },
        "mock": {
            "default": {"success": True, "payload": {"books": books, "total": len(books)}},
            "empty": {"success": True, "payload": {"books": [], "total": 0}},
        },
    }


def _get_book() -> dict[str, Any]:
    return {
        "name": "get_book",
        "description": "Read one book.",
        "method": "GET",
        "path": "/books/{id}",
        "parameters": {"properties": {"id": _BOOK_ID}},
        "errors": {"404": "there is no book {{ id }}"},
        "mock": {"default": {"success": True, "payload": asdict(BOOKS[0])}},
    }


def _order_book() -> dict[str, Any]:
    return {
        "name": "order_book",
        "description": "Order copies of a book. Nothing is sent, and nothing is charged.",
        "method": "POST",
        "path": "/orders",
        "parameters": {
            "properties": {
                "bookId": _BOOK_ID,
                "copies": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_COPIES,
                    "default": 1,
                    "description": "How many.",
                },
            },
            "required": ["bookId"],
        },
        "errors": {"404": "there is no book {{ bookId }}", "409": "{{ body.message }}"},
        "mock": {
            "default": {"success": True, "payload": _ORDER},
            "sold_out": {"success": False, "error": f"there are 0 copies of {BOOKS[0].title}"},
        },
    }


def _unstable() -> dict[str, Any]:
    return {
        "name": "unstable",
        "description": "Fail: the bookshop always answers 503 here, to see how a failure looks.",
        "method": "GET",
        "path": "/unstable",
        "mock": {"default": {"success": True, "payload": None}},
    }


def _test() -> dict[str, Any]:
    return {
        "name": "test",
        "description": "See whether the token works. The bookshop answers it, and what comes back is masked.",
        "method": "GET",
        "path": "/me",
        "mock": {"default": {"success": True, "payload": {"customer": "demo"}}},
    }
