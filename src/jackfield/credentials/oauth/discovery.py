"""Where an issuer's endpoints are.

Source: RFC 8414, section 3; OpenID Connect Discovery 1.0, section 4.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import orjson

from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.egress.client import Client
from jackfield.egress.pools import Pool
from jackfield.errors import JackfieldError

KEPT_S = 3600.0
FAILED_S = 2.0
MAX_KEPT = 500
MAX_BYTES = 256 * 1024
FETCH_S = 10.0
_ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
)


class Discovery:
    """Reads the metadata of issuers, and keeps it for an hour; a failure for a moment, for all who asked at once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Pool], tuple[float, Mapping[str, Any] | ExchangeFailed]] = {}
        self._going: dict[tuple[str, Pool], asyncio.Task[Mapping[str, Any]]] = {}

    async def metadata(self, issuer: str, pool: Pool) -> Mapping[str, Any]:
        """What `issuer` says of itself. Many may ask at once: one fetches it, and who gives up ends it for nobody.

        Raises:
            ExchangeFailed: It says nothing, or says it of another issuer: then somebody stands in between.
            UrlRefused: The policy forbids its address.
        """
        key = (issuer, pool)
        until, found = self._kept.get(key, (0.0, {}))
        if until > time.monotonic():
            if isinstance(found, ExchangeFailed):
                raise found.again()
            return found
        task = self._going.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._fetched(key), context=contextvars.Context())
            self._going[key] = task
            task.add_done_callback(partial(self._done, key))
        return await asyncio.shield(task)

    async def _fetched(self, key: tuple[str, Pool]) -> Mapping[str, Any]:
        try:
            found = await _fetch(*key)
        except ExchangeFailed as failure:
            self._keep(key, failure, for_s=FAILED_S)
            raise
        self._keep(key, found, for_s=KEPT_S)
        return found

    def _keep(self, key: tuple[str, Pool], found: Mapping[str, Any] | ExchangeFailed, *, for_s: float) -> None:
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + for_s, found)

    def _done(self, key: tuple[str, Pool], task: asyncio.Task[Mapping[str, Any]]) -> None:
        self._going.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever waits is told


def addresses(issuer: str) -> list[str]:
    """Where an issuer may say something of itself, in the order in which they are asked.

    Raises:
        ExchangeFailed: It is no address.
    """
    try:
        url = urlsplit(issuer)
    except ValueError:
        raise ExchangeFailed("discovery", "the issuer is no address", kind="client", sent=False) from None
    path = url.path.rstrip("/")
    root = f"{url.scheme}://{url.netloc}"
    return list(
        dict.fromkeys(
            (
                f"{root}/.well-known/oauth-authorization-server{path}",
                f"{root}{path}/.well-known/openid-configuration",
                f"{root}/.well-known/openid-configuration{path}",
            )
        )
    )


async def _fetch(issuer: str, pool: Pool) -> Mapping[str, Any]:
    client = Client(pool, deadline=asyncio.get_running_loop().time() + FETCH_S)
    seen = []
    for address in addresses(issuer):
        try:
            answer = await client.get(address, headers={"Accept": "application/json"})
        except JackfieldError as error:
            if error.code in {"url-refused", "redirect-refused"}:
                raise
            raise ExchangeFailed(error.code, error.message, kind="passing", sent=False) from None
        if answer.status == 200:
            return _checked(issuer, address, answer.content)
        seen.append(answer.status)
    if any(status >= 500 or status == 429 for status in seen):
        raise ExchangeFailed(
            "discovery", f"`{issuer}` does not tell its endpoints now: it answers {seen[-1]}", sent=False
        )
    raise ExchangeFailed(
        "discovery", f"`{issuer}` does not tell its endpoints: it answers {seen}", kind="client", sent=False
    )


def _checked(issuer: str, address: str, content: bytes) -> Mapping[str, Any]:
    try:
        said = orjson.loads(content) if len(content) <= MAX_BYTES else None
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise ExchangeFailed("discovery", f"what `{address}` answers is no metadata", kind="client", sent=False)
    if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        # RFC 8414, section 3.3: otherwise one issuer could stand for another.
        raise ExchangeFailed(
            "discovery", f"`{address}` speaks for another issuer than `{issuer}`", kind="client", sent=False
        )
    for name in _ENDPOINTS:
        given = said.get(name)
        if given is not None and not _is_endpoint(given, issuer):
            raise ExchangeFailed("discovery", f"`{name}` of `{issuer}` is no https address", kind="client", sent=False)
    return said


def _is_endpoint(given: Any, issuer: str) -> bool:
    if not isinstance(given, str) or not given.isascii() or not given.isprintable() or " " in given:
        return False
    try:
        url = urlsplit(given)
    except ValueError:
        return False
    return (
        bool(url.hostname)
        and "@" not in url.netloc
        and (url.scheme == "https" or url.scheme == urlsplit(issuer).scheme)
        and not url.fragment
    )
