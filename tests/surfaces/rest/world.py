"""What tests of the routes say, and what they look at in answers."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx2 as httpx

_numbers = count(1)


def unique(prefix: str) -> str:
    """A name that nothing else in this session has."""
    return f"{prefix}{next(_numbers)}"


def desk(**more: Any) -> dict[str, Any]:
    """The body of a new connector."""
    return {"name": unique("desk"), "type": "desk", "config": {"api_key": "a-key-nobody-may-see"}, **more}


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
