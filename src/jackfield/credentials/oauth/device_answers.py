"""What a service says when somebody is to sign in on another device.

Source: RFC 8628, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.tokens import read_tokens
from jackfield.definition.wire import Answer

DEFAULT_INTERVAL_S = 5
MAX_INTERVAL_S = 60
MAX_LIFE_S = 1800
MAX_CODE = 64
MAX_ADDRESS = 2_000


def read_device_answer(answer: Answer, *, mask: Callable[[str], str] = str) -> Mapping[str, Any]:
    """Shape: `{device_code, user_code, verification_uri, verification_uri_complete?, expires_in, interval}`.

    Args:
        mask: As of `read_tokens`.

    Raises:
        ExchangeFailed: The service has not answered with it.
    """
    if answer.status != 200:
        read_tokens(answer.status, answer.content, mask=mask)
    try:
        said = orjson.loads(answer.content)
        code, user_code = str(said["device_code"]), str(said["user_code"])
        address = str(said.get("verification_uri") or said["verification_url"])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise ExchangeFailed("unreadable", "the service's answer lacks a code", kind="client") from None
    whole = said.get("verification_uri_complete")
    found = {
        "device_code": code,
        "user_code": _shown(user_code),
        "verification_uri": _page(address),
        "expires_in": _seconds(said.get("expires_in"), MAX_LIFE_S, MAX_LIFE_S),
        "interval": _seconds(said.get("interval"), DEFAULT_INTERVAL_S, MAX_INTERVAL_S),
    }
    return found | ({"verification_uri_complete": _page(whole)} if isinstance(whole, str) and whole else {})


def _shown(code: str) -> str:
    """`code`, if people can read it: terminals do as some characters say."""
    if not code or len(code) > MAX_CODE or not code.isprintable():
        raise ExchangeFailed("unreadable", "the code to type in cannot be shown", kind="client")
    return code


def _page(address: str) -> str:
    """`address`, if a person can be sent there: a page's script may not come from a service."""
    try:
        parts = urlsplit(address)
        is_page = parts.scheme in {"https", "http"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_page = False
    if not is_page or len(address) > MAX_ADDRESS or not _is_plain(address):
        raise ExchangeFailed("unreadable", "the page to sign in on is none of the web", kind="client")
    return address


def _is_plain(address: str) -> bool:
    return address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')


def _seconds(given: Any, usual: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given <= 0:
        return usual
    return min(given, most)
