"""The keys of an issuer as it publishes them: fetched when they are needed, and never as often as a stranger likes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import orjson

from jackfield.access.errors import IssuerTokenRefused, IssuerUnavailable
from jackfield.access.issuer.key_set import IssuerKey, read_keys
from jackfield.errors import JackfieldError
from jackfield.settings.addresses import is_confidential

Fetch = Callable[[str], Awaitable[bytes]]
"""The document at an address, or a `JackfieldError`."""

WELL_KNOWN = "/.well-known/openid-configuration"
FRESH_S = 10 * 60.0
"""Keys that are older are fetched again, while the old ones still count."""
KEPT_S = 60 * 60.0
"""Keys that are older count no longer: an issuer that takes a key back is believed after so long at the latest."""
BETWEEN_S = 10.0
"""Between two attempts to fetch, whoever wants one and whatever came of the first."""

log = logging.getLogger("jackfield.access")


class IssuerKeys:
    """The keys of one issuer. Belongs to one event loop.

    They are found through the issuer's own description of itself, which has to be of that very issuer.

    Source: OpenID Connect Discovery 1.0, sections 3 and 4; RFC 8414, section 3.3.
    """

    def __init__(self, issuer: str, fetch: Fetch, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Args:
        issuer: Its identifier, as tokens have it in `iss`.
        fetch: Gets a document.
        clock: Seconds, from any beginning.
        """
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._keys: Sequence[IssuerKey] = ()
        self._loaded: float | None = None
        self._tried: float | None = None
        self._loading: asyncio.Task[None] | None = None
        self._failure: JackfieldError | None = None

    @property
    def are_fresh(self) -> bool:
        """Whether they were fetched not long ago. What was checked with keys that are not is checked again."""
        return self._loaded is not None and self._clock() - self._loaded <= FRESH_S

    @property
    def loaded(self) -> float | None:
        """When they were fetched: what was checked with others is checked again."""
        return self._loaded

    async def find(self, *, id: str, alg: str) -> IssuerKey:
        """The key that a token names.

        A key that is not known may be new, so the issuer is asked again; at most every `BETWEEN_S` seconds, and once
        for all who wait.

        Args:
            id: `kid` of the token; empty where it has none, which is enough where one key alone fits.
            alg: `alg` of the token, one of `KINDS`.

        Raises:
            IssuerTokenRefused: The issuer has no such key.
            IssuerUnavailable: It cannot be asked.
        """
        await self._current()
        found = self._known(id, alg)
        if found is None and self._may_try():
            await self._load()
            found = self._known(id, alg)
        if found is None:
            raise IssuerTokenRefused(reason="the issuer publishes no key that it could be signed with")
        return found

    async def close(self) -> None:
        """Ask no more."""
        if self._loading is not None:
            self._loading.cancel()
            with suppress(asyncio.CancelledError):
                await self._loading
            self._loading = None

    def _known(self, id: str, alg: str) -> IssuerKey | None:
        fitting = [key for key in self._keys if key.fits(alg) and (not id or key.id == id)]
        return fitting[0] if len(fitting) == 1 else None

    async def _current(self) -> None:
        """Have keys that count, fresh ones where that keeps nobody waiting."""
        if self.are_fresh:
            return
        if self._loaded is None or self._clock() - self._loaded > KEPT_S:
            if not self._may_try():
                raise self._failure or IssuerUnavailable(issuer=self._issuer, reason="it was asked a moment ago")
            await self._load()
        elif self._may_try():
            self._begin()

    def _may_try(self) -> bool:
        return self._loading is not None or self._tried is None or self._clock() - self._tried >= BETWEEN_S

    def _begin(self) -> asyncio.Task[None]:
        """The attempt that is under way, which may be a new one. Whoever gives up waiting does not end it."""
        if self._loading is None:
            self._tried = self._clock()
            self._loading = asyncio.get_running_loop().create_task(self._refresh())
        return self._loading

    async def _load(self) -> None:
        await asyncio.shield(self._begin())
        if self._failure is not None:
            raise self._failure

    async def _refresh(self) -> None:
        try:
            self._keys = await self._fetched()
            self._loaded, self._failure = self._clock(), None
        except JackfieldError as error:
            self._failure = IssuerUnavailable(issuer=self._issuer, reason=error.message)
            log.warning("%s", self._failure.message)
        except ValueError as error:
            self._failure = IssuerUnavailable(issuer=self._issuer, reason=f"its answer cannot be read: {error}")
            log.warning("%s", self._failure.message)
        finally:
            self._loading = None

    async def _fetched(self) -> Sequence[IssuerKey]:
        said = _object(await self._fetch(self._issuer.rstrip("/") + WELL_KNOWN))
        if said.get("issuer") != self._issuer:
            raise ValueError("it describes another issuer, and not exactly this one")
        where = said.get("jwks_uri")
        if not isinstance(where, str) or not is_confidential(where):
            raise ValueError("its `jwks_uri` is no https address")
        content = await self._fetch(where)
        keys = await asyncio.to_thread(read_keys, content)  # the first time, it imports what reads them
        if not keys:
            raise ValueError("it publishes no key that could be used")
        return keys


def _object(content: bytes) -> dict[str, Any]:
    document = orjson.loads(content)
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")
    return document
