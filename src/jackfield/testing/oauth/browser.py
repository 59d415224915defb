"""A person at a browser, for tests that need none."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping, Sequence
from html import unescape
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

_REQUEST = re.compile(r'name="request" value="([^"]*)"')
_SCOPE = re.compile(r'name="scope" value="([^"]*)"')
_ACTION = re.compile(r'action="([^"]*)"')
_NOTHING: Mapping[str, str] = MappingProxyType({})


def sign_in(address: str, *, account: str, allow: bool, scopes: Sequence[str] | None) -> str:
    """Go to an address, answer the page that is there, and say where the browser is sent.

    Raises:
        ValueError: The server sends nobody anywhere.
    """
    status, location, text = _ask("GET", address)
    request, action = _REQUEST.search(text), _ACTION.search(text)
    if location is None and request and action:
        ticked = [unescape(scope) for scope in _SCOPE.findall(text)]
        form = [("request", unescape(request[1])), ("account", account), ("decision", "allow" if allow else "deny")]
        form += [("scope", scope) for scope in ticked if scopes is None or scope in scopes]
        status, location, text = _ask("POST", unescape(action[1]), urlencode(form))
    if location is None:
        said = re.search(r"<p>(.*?)</p>", text)
        raise ValueError(f"the server sent nobody back (status {status}): {unescape(said[1]) if said else text[:200]}")
    return location


def _ask(method: str, address: str, body: str | None = None) -> tuple[int, str | None, str]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else _NOTHING
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read().decode()
    finally:
        connection.close()
