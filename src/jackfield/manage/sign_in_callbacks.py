"""What happens when a service sends a browser back. Nobody's token comes along: all that counts is in the request.

Source: RFC 6749, section 4.1.2; RFC 9207; RFC 9700, sections 2.1 and 4.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from jackfield.credentials.oauth.errors import SignInFailed, SignInInvalid
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.secret import Secret
from jackfield.manage.sign_in_beginning import CALLBACK, Beginning
from jackfield.manage.sign_in_finishing import Finishing
from jackfield.manage.sign_in_opening import Opening
from jackfield.manage.sign_ins import status_of
from jackfield.storage import oauth_flows
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database
from jackfield.storage.oauth_flows import FlowRow, hashed

MAX_VALUE = 4096
"""Characters of a parameter; a code may be a whole JWT."""
MAX_PARAMETERS = 20

_READ = ("code", "state", "iss", "error", "error_description")
_ID = re.compile(r"[0-9a-f-]{36}")

Cookies = Callable[[str, str], str | None]
"""What the browser keeps for the sign-in of an id, with a redirect URI."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a sign-in ended, as a page may tell anybody who knows its id.

    Attributes:
        code: Why it failed; empty where an account is connected.
        over: It has ended, well or not.
        return_to: A page of this server, or an address that the settings allow; empty for none.
    """

    id: str
    connected: bool
    code: str
    over: bool
    return_to: str
    connector: str


class Callbacks:
    """Takes browsers back."""

    def __init__(self, database: Database, beginning: Beginning, finishing: Finishing) -> None:
        self._database = database
        self._beginning = beginning
        self._finishing = finishing

    async def finish(self, params: Sequence[tuple[str, str]], *, slug: str, cookies: Cookies) -> str:
        """The id of the sign-in that has ended now, well or not; `done` tells.

        Args:
            params: Of the request's query, as they came.
            slug: The rest of the path.
            cookies: Of the browser.

        Raises:
            SignInInvalid: It is no answer to a sign-in that is under way in this browser. Nothing was sent anywhere.
        """
        given = _read(params)
        flow = await self._database.write(partial(oauth_flows.take, state=given.get("state", "")))
        if flow is None:
            raise SignInInvalid(problem="its state is unknown, or was used before")
        if problem := _problem(flow, given, slug=slug, kept=cookies(flow.id, str(flow.asked["redirect_uri"]))):
            await self._finishing.fail(flow, error="refused", reason=problem)
            raise SignInInvalid(problem=problem)
        if "error" in given:
            await self._finishing.fail(flow, error=_word(given["error"]), reason=_reason(given))
            return flow.id
        await self._exchange(flow, Secret(given["code"]))
        return flow.id

    async def done(self, id: str) -> Done | None:
        """How the sign-in of that id went; `None` where there is none."""
        if not _ID.fullmatch(id):
            return None
        flow = await self._database.read(partial(oauth_flows.of_everybody, id=id))
        if flow is None:
            return None
        status = status_of(flow)
        return Done(
            id=flow.id,
            connected=status.state == "connected",
            code=status.code,
            over=status.state != "open",
            return_to=str(flow.asked.get("return_url") or flow.asked.get("return_to") or ""),
            connector=str(flow.asked.get("connector_name") or ""),
        )

    async def close(self) -> None:
        """Wait for sign-ins that are being finished."""
        await self._finishing.close()

    async def _exchange(self, flow: FlowRow, code: Secret) -> None:
        kept = self._beginning.secrets_of(flow)
        redirect_uri = str(flow.asked["redirect_uri"])

        async def exchange(opening: Opening) -> Tokens:
            try:
                return await opening.exchange.code(code, verifier=kept["verifier"], redirect_uri=redirect_uri)
            except ExchangeFailed as error:  # here, since the browser may be gone by now
                raise await self._finishing.fail(flow, error=error.error, reason=error.reason) from None

        with suppress(SignInFailed):  # it is written down, and the page tells
            await self._finishing.finish(flow, exchange, client_secret=kept.get("clientSecret"))


def _read(params: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The parameters that count, each of which may be there once.

    Source: RFC 6749, section 3.1: parameters must not be included more than once.
    """
    if len(params) > MAX_PARAMETERS:
        raise SignInInvalid(problem="it has too many parameters")
    found: dict[str, str] = {}
    for name, value in params:
        if name not in _READ:
            continue
        if name in found:
            raise SignInInvalid(problem=f"`{name}` is there twice")
        if len(value) > MAX_VALUE:
            raise SignInInvalid(problem=f"`{name}` is too long")
        found[name] = value
    if not found.get("state"):
        raise SignInInvalid(problem="it has no state")
    return found


def _problem(flow: FlowRow, given: Mapping[str, str], *, slug: str, kept: str | None) -> str:
    """Why an answer does not belong to `flow`; empty where it does."""
    if kept is None or not hmac.compare_digest(hashed(kept), flow.browser or b""):
        return "it was begun in another browser, or at another address of this server"
    if now_us() >= flow.expires:
        return "it took too long"
    if slug != slug_of(str(flow.asked["redirect_uri"])):
        return "it came back at the address of another service"
    if problem := _issuer_problem(flow, given.get("iss")):
        return problem
    if ("code" in given) is ("error" in given):
        return "it has both a code and an error" if "code" in given else "it has neither a code nor an error"
    return "" if given.get("code") or given.get("error") else "it has an empty code"


def _issuer_problem(flow: FlowRow, given: str | None) -> str:
    """Source: RFC 9207, section 2.4: compared letter by letter."""
    issuer = str(flow.asked.get("issuer") or "")
    if given is None:
        return "it does not say which service it comes from" if flow.asked.get("names_issuer") else ""
    return "" if not issuer or given == issuer else "it comes from another service"


def slug_of(redirect_uri: str) -> str:
    """What stands behind `CALLBACK` in the path of a redirect URI; empty where nothing does."""
    path = urlsplit(redirect_uri).path
    _, found, rest = path.partition(CALLBACK)
    return rest.removeprefix("/") if found else ""


def _word(error: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.:-]+", "_", error)[:100]


def _reason(given: Mapping[str, str]) -> str:
    text = given.get("error_description", "")
    shown = "".join(char if char.isprintable() else " " for char in text[:300]).strip()
    return shown or "the service did not agree, and did not say why"
