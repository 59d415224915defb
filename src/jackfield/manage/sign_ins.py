"""Signing in at a service: begun here, gone on with in a browser or on another device, and looked after."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

from jackfield.access.principal import Principal
from jackfield.credentials.oauth.errors import SignInFailed
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.names import slug
from jackfield.definition.secret import Secret
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import UnknownSignIn
from jackfield.manage.sign_in_beginning import Beginning
from jackfield.manage.sign_in_finishing import Finishing
from jackfield.manage.sign_in_opening import Opening, Openings
from jackfield.manage.sign_in_views import DeviceStarted, RedirectUri, SignInStarted, SignInState, SignInStatus
from jackfield.manage.sign_in_wishes import Mode, Visibility, Wish
from jackfield.storage import oauth_flows
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.oauth_flows import FlowRow

MAX_INTERVAL_S = 60
TURN_S = 60.0
"""For so long nobody else asks about a device while one asks: its code works only once."""
INTERRUPTED_S = 120
"""After so long, a sign-in that was being finished when it expired never will be."""
SLOWER_S = 5
"""RFC 8628, section 3.5."""


class SignIns:
    """Begins sign-ins."""

    def __init__(self, database: Database, openings: Openings, beginning: Beginning, finishing: Finishing) -> None:
        self._database = database
        self._openings = openings
        self._beginning = beginning
        self._finishing = finishing

    async def start(
        self,
        principal: Principal,
        connector: str,
        *,
        credential: str | None = None,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
        switch_account: bool = False,
        return_to: str | None = None,
        origin: str | None = None,
    ) -> SignInStarted:
        """Begin to connect an account in a browser. Nothing is made before the service has agreed.

        Args:
            credential: Id of the one to connect again; it keeps its id, its name and its owner.
            name: Of a new credential; without one, it is called as the service calls the account.
            visibility: Of a new credential.
            default: Whether calls that name none use it; the first of a connector and owner unless said.
            end_user: Whose account it is, as you call them.
            mode: With whose app: `platform` (the installation's) or `own`.
            client_id, client_secret: Of an app of your own.
            scopes: Beside those of the type.
            switch_account: Let the person choose another account than the last one.
            return_to: A path below `/ui/` to go back to.
            origin: Address of whoever listens for the browser to come back; a server knows its own.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            NotOwner: The credential is another's, or it is for others to say which one is the default.
            CredentialNotAllowed: The caller has not agreed to where the connector sends tokens.
            UnknownConnector, AmbiguousConnector, UnknownCredential, SignInNotOffered, InvalidParams: Something is
                not there, or not so.
            OAuthAppMissing: There is no app to sign in with.
            SignInFailed: The service does not tell where people sign in.
        """
        wish = Wish(
            connector=connector,
            credential=credential or "",
            name=name or "",
            visibility=visibility,
            is_default=default,
            end_user=end_user or "",
            mode=mode,
            client_id=client_id or "",
            client_secret=Secret(client_secret) if isinstance(client_secret, str) else client_secret,
            scopes=scopes,
            switch_account=switch_account,
            return_to=return_to or "",
        )
        async with self._recording(principal, "start", connector):
            principal.require("manage")
            return await self._beginning.code(principal, wish, origin=origin or "")

    async def status(self, principal: Principal, id: str) -> SignInStatus:
        """How a sign-in of the caller goes.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownSignIn: The caller has begun none of that id, or it is long over.
        """
        async with self._recording(principal, "get", id):
            principal.require("manage")
            return status_of(await self._own(principal, id))

    async def redirect_uri(self, principal: Principal, connector: str, *, origin: str | None = None) -> RedirectUri:
        """Where a service sends people back to that a connector signs in at.

        Args:
            connector: Its name.
            origin: As for `start`.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownConnector, AmbiguousConnector, SignInNotOffered: There is none.
        """
        async with self._recording(principal, "redirect-uri", connector):
            principal.require("read")
            ready, _ = await self._openings.find(principal, connector)
            return RedirectUri(redirect_uri=self._beginning.callback(slug(ready.definition.name), origin or ""))

    async def start_device(
        self,
        principal: Principal,
        connector: str,
        *,
        credential: str | None = None,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
    ) -> DeviceStarted:
        """Begin to connect an account on another device, where a code is typed in.

        Args: as for `start`.

        Raises: as `start`.
        """
        wish = Wish(
            connector=connector,
            credential=credential or "",
            name=name or "",
            visibility=visibility,
            is_default=default,
            end_user=end_user or "",
            mode=mode,
            client_id=client_id or "",
            client_secret=Secret(client_secret) if isinstance(client_secret, str) else client_secret,
            scopes=scopes,
        )
        async with self._recording(principal, "start", connector):
            principal.require("manage")
            return await self._beginning.device(principal, wish)

    async def poll_device(self, principal: Principal, id: str) -> SignInStatus:
        """Ask the service whether the person has agreed, if it may be asked by now; and how the sign-in goes.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownSignIn: The caller has begun none of that id, or it is long over.
        """
        async with self._recording(principal, "poll", id):
            principal.require("manage")
            flow = await self._own(principal, id)
            if flow.kind == "device" and flow.ended is None and now_us() < flow.expires:
                take = partial(oauth_flows.turn, tenant=flow.tenant, id=id, for_s=TURN_S)
                if (taken := await self._database.write(take)) is not None:
                    await self._ask(taken)
            return status_of(await self._own(principal, id))

    async def _ask(self, flow: FlowRow) -> None:
        """One question about a device.

        Source: RFC 8628, section 3.5.
        """
        given = self._beginning.secrets_of(flow)

        async def exchange(opening: Opening) -> Tokens:
            return await opening.exchange.device(given["deviceCode"])

        try:
            await self._finishing.finish(flow, exchange, client_secret=given.get("clientSecret"))
        except ExchangeFailed as error:
            if error.kind != "passing":
                await self._finishing.fail(flow, error=error.error, reason=error.reason)
                return
            more = 0 if error.error == "authorization_pending" else SLOWER_S
            interval_s = min(flow.interval_s + more, MAX_INTERVAL_S)
            wait = partial(oauth_flows.wait, tenant=flow.tenant, id=flow.id, interval_s=interval_s)
            await self._database.write(wait)
        except SignInFailed:
            pass  # it is written down

    async def _own(self, principal: Principal, id: str) -> FlowRow:
        flow = await self._database.read(partial(oauth_flows.get, tenant=principal.tenant, id=id))
        if flow is None or flow.user_id != principal.id or flow.link_id:
            raise UnknownSignIn(sign_in=id[:100])
        return flow

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        what = {"resource": "sign-in", "resource_id": name}
        return recording_denials(self._database, principal, action=f"sign-in.{verb}", **what)


def status_of(flow: FlowRow) -> SignInStatus:
    """What is shown of a sign-in."""
    state: SignInState
    if flow.ended is not None:
        state, code, reason = ("failed" if flow.code else "connected"), flow.code, flow.reason
    elif now_us() >= flow.expires + (microseconds(INTERRUPTED_S) if flow.taken else 0):
        reason = (
            "the server was interrupted while it was being finished" if flow.taken else "nobody finished it in time"
        )
        state, code = "expired", "interrupted" if flow.taken else "expired"
    else:
        state, code, reason = "open", "", ""
    return SignInStatus(
        id=flow.id,
        state=state,
        code=code,
        reason=reason,
        credential=flow.result_id or None,
        interval=flow.interval_s if state == "open" else 0,
    )
