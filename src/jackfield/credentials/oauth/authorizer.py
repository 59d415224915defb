"""Signing requests with a token that is kept alive."""

from __future__ import annotations

from collections.abc import Callable

from jackfield.credentials.oauth.grants import Held
from jackfield.credentials.oauth.refreshing import Refresher, Source
from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.credentials.schemes import ApiKey
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Answer, Outgoing
from jackfield.egress.refusal import Refusal


def _nobody(*secrets: Secret) -> None:
    """Nobody wants to know."""


class OAuth2:
    """The token of one grant, of one call.

    Attributes:
        refusal: Which answers mean that the token is not taken.
        converses: Signing may ask the service for a token.
        on_secret: Told of tokens that the call uses, so that they are masked.
    """

    converses = True

    __slots__ = ("_known", "_refresher", "_settings", "_source", "on_secret", "refusal")

    def __init__(self, source: Source, settings: OAuthSettings, refresher: Refresher) -> None:
        self._source = source
        self._settings = settings
        self._refresher = refresher
        self._known: Held | None = None
        self.refusal: Refusal = settings.refusal
        self.on_secret: Callable[..., None] = _nobody

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that hold the token; egress takes them out of redirects."""
        return frozenset({self._settings.name}) if self._settings.location == "query" else frozenset()

    @property
    def granted(self) -> tuple[str, ...] | None:
        """The scopes of the token that was used last; `None` where nobody has said."""
        return self._known.scopes if self._known else None

    def peek(self) -> Secret | None:
        """The token, if this process knows one that lives for a while."""
        held = self._refresher.peek(self._source)
        return self._use(held) if held else None

    async def ready(self) -> Secret:
        """The token that the next request is signed with.

        Raises:
            ReauthorizationNeeded, TokenRefreshFailed: There is none.
        """
        held = self._refresher.peek(self._source) or await self._refresher.current(self._source)
        return self._use(held)

    async def look(self) -> Secret | None:
        """The token as far as it is there; nobody is asked for one. `None` where the first use will get one.

        Raises:
            ReauthorizationNeeded: There never will be one until a person signs in again.
        """
        return await self._refresher.look(self._source)

    async def sign(self, request: Outgoing) -> None:
        """Add the token as it is now: one that was renewed meanwhile counts.

        Raises: as `ready`.
        """
        token = await self.ready()
        request.mark = self._known.generation if self._known else 0
        await self._scheme(token).sign(request)

    async def on_refused(self, answer: Answer) -> bool:
        """Get a newer token than the one that was refused; `True` where there is one.

        Raises: as `ready`.
        """
        seen = answer.mark if isinstance(answer.mark, int) else 0
        held = await self._refresher.renew(self._source, seen=seen)
        if held is None:
            return False
        self._use(held)
        return True

    def judge(self, *, accepted: bool) -> None:
        """Learn whether the request that was sent again was taken."""
        generation = self._known.generation if self._known else 0
        self._refresher.judge(self._source, accepted=accepted, generation=generation)

    def masked(self) -> ApiKey:
        """A mask where the token goes."""
        return self._scheme(Secret(MASK))

    def _use(self, held: Held) -> Secret:
        token = held.access or Secret("")
        if held is not self._known:
            self._known = held
            self.on_secret(token)
        return token

    def _scheme(self, token: Secret) -> ApiKey:
        said = self._settings
        return ApiKey(token, name=said.name, location=said.location, prefix=said.prefix)
