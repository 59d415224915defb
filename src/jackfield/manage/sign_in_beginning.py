"""The beginning of a sign-in: what is written down before a person is sent anywhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from jackfield.access.errors import NotOwner
from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import UnknownCredential
from jackfield.credentials.oauth.errors import SignInFailed
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.sign_in_urls import challenge_of, sign_in_url
from jackfield.credentials.stored import opened
from jackfield.definition.secret import Secret
from jackfield.errors import WrongUse
from jackfield.manage.credential_defaults import require_leading
from jackfield.manage.sign_in_keeping import may_connect_again
from jackfield.manage.sign_in_opening import Opening, Openings
from jackfield.manage.sign_in_views import DeviceStarted, SignInStarted
from jackfield.manage.sign_in_wishes import Wish, check_wish
from jackfield.storage import credentials, oauth_flows
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.database import Database
from jackfield.storage.oauth_flows import FlowRow, Kind, hashed
from jackfield.vault.envelope import Envelope
from jackfield.vault.records import Records
from jackfield.vault.sealed import SealContext

LIFE_S = 600
"""How long a sign-in in a browser may take, in seconds."""

CALLBACK = "/api/oauth/callback"
"""Where services send people back to, with a slash and the slug of the type behind it."""


class Beginning:
    """Begins sign-ins. What the caller may has been judged, as far as no credential is concerned."""

    def __init__(
        self, database: Database, openings: Openings, envelope: Envelope, records: Records, *, public_url: str = ""
    ) -> None:
        """Args:
        public_url: The address by which others reach this server; empty for that of each request.
        """
        self._database = database
        self.openings = openings
        self._envelope = envelope
        self._records = records
        self._public_url = public_url

    def callback(self, slug: str, origin: str) -> str:
        """Where services send people back to that connectors of a type sign in at.

        Raises:
            WrongUse: Nobody has said where that is.
        """
        return f"{self.base(origin)}{CALLBACK}/{slug}"

    def base(self, origin: str) -> str:
        """The address of whoever takes browsers back.

        Raises:
            WrongUse: Nobody has said what that is.
        """
        if base := (origin or self._public_url).rstrip("/"):
            return base
        hint = "say who listens for the browser with `origin`, set `JACKFIELD_PUBLIC_URL`, or ask a server"
        raise WrongUse("nobody knows at which address the browser comes back", hint=hint)

    async def check(self, principal: Principal, wish: Wish) -> Opening:
        """What a sign-in in a browser would work with. Nothing begins.

        Raises: as `code`.
        """
        check_wish(wish)
        opening, _ = await self._open(principal, wish, kind="code")
        return opening

    async def code(self, principal: Principal, wish: Wish, *, origin: str, link_id: str = "") -> SignInStarted:
        """A sign-in in a browser; see `SignIns.start`.

        Args:
            link_id: The connect link that it comes from.
        """
        check_wish(wish)
        opening, credential_id = await self._open(principal, wish, kind="code")
        redirect_uri = opening.app.redirect_uri or self.callback(opening.slug, origin)
        state, browser, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            page, issuer = await opening.exchange.authorization_url(), await opening.exchange.issuer()
            names_itself = await opening.exchange.names_itself()
        except ExchangeFailed as error:
            raise _failed(opening, error) from None
        asked = {"redirect_uri": redirect_uri, "issuer": issuer, "names_issuer": names_itself}
        flow = FlowRow(
            **_common(principal, opening, kind="code", credential_id=credential_id),
            state=hashed(state),
            browser=hashed(browser),
            link_id=link_id,
            asked=_asked(wish, opening) | asked,
            expires=now_us() + microseconds(LIFE_S),
        )
        await self._keep(flow, {"verifier": verifier}, wish)
        url = sign_in_url(
            page,
            opening.asking.settings,
            client_id=opening.app.client_id,
            redirect_uri=redirect_uri,
            state=state,
            challenge=challenge_of(verifier),
            switch=wish.switch_account,
        )
        return SignInStarted(
            id=flow.id, authorization_url=url, redirect_uri=redirect_uri, expires=flow.expires, _browser=browser
        )

    async def device(self, principal: Principal, wish: Wish) -> DeviceStarted:
        """A sign-in on another device; see `SignIns.start_device`.

        Source: RFC 8628, section 3.2.
        """
        check_wish(wish)
        opening, credential_id = await self._open(principal, wish, kind="device")
        try:
            said = await opening.exchange.ask_device()
        except ExchangeFailed as error:
            raise _failed(opening, error) from None
        interval = int(said["interval"])
        flow = FlowRow(
            **_common(principal, opening, kind="device", credential_id=credential_id),
            asked=_asked(wish, opening),
            expires=now_us() + microseconds(said["expires_in"]),
            interval_s=interval,
            next_at=now_us() + microseconds(interval),
        )
        await self._keep(flow, {"deviceCode": said["device_code"]}, wish)
        return DeviceStarted(
            id=flow.id,
            user_code=said["user_code"],
            verification_uri=said["verification_uri"],
            verification_uri_complete=said.get("verification_uri_complete"),
            interval=interval,
            expires=flow.expires,
        )

    def secrets_of(self, flow: FlowRow) -> Mapping[str, Secret]:
        """What only the end of a sign-in needs: `verifier`, `deviceCode`, `clientSecret`.

        Raises:
            Undecryptable: It cannot be read.
        """
        found = {} if flow.sealed is None else orjson.loads(self._envelope.open(flow.sealed, _context(flow)))
        return {name: Secret(value) for name, value in found.items()}

    async def _open(self, principal: Principal, wish: Wish, *, kind: Kind) -> tuple[Opening, str]:
        existing = await self._existing(principal, wish)
        opening = await self.openings.open(principal, wish, existing=existing, kind=kind)
        if existing is not None and existing.connector_id != opening.connector.id:
            raise UnknownCredential(credential=wish.credential[:200], known=[])
        if wish.is_default and opening.credential.owner is None:
            await self._check_leads(principal, opening)
        return opening, existing.id if existing else ""

    async def _check_leads(self, principal: Principal, opening: Opening) -> None:
        """Before somebody signs in for nothing; it is checked again at the end.

        Raises:
            NotOwner: Others say which credential calls of everybody use.
        """
        of_connector = partial(credentials.every, tenant=principal.tenant, connector_id=opening.connector.id)
        every = await self._database.read(of_connector)
        others = [row for row in every if row.owner is None and row.id != opening.credential.id]
        require_leading(principal, opening.connector, others)

    async def _existing(self, principal: Principal, wish: Wish) -> Credential | None:
        """The credential to connect again, which the caller may change."""
        if not wish.credential:
            return None
        row = await self._database.read(partial(credentials.get, tenant=principal.tenant, id=wish.credential))
        if row is None or row.owner not in {None, principal.id}:
            raise UnknownCredential(credential=wish.credential[:200], known=[])
        _require_own(principal, row)
        return opened(row, self._records)

    async def _keep(self, flow: FlowRow, sealed: dict[str, str], wish: Wish) -> None:
        if wish.client_secret:
            sealed["clientSecret"] = wish.client_secret.reveal()
        row = replace(flow, sealed=self._envelope.seal(orjson.dumps(sealed), _context(flow)))
        await self._database.write(partial(oauth_flows.add, row=row))


def _common(principal: Principal, opening: Opening, *, kind: Kind, credential_id: str) -> dict[str, Any]:
    return {
        "tenant": principal.tenant,
        "kind": kind,
        "user_id": principal.id,
        "connector_id": opening.connector.id,
        "credential_id": credential_id,
    }


def _asked(wish: Wish, opening: Opening) -> dict[str, Any]:
    said = {"connector": opening.connector.id, "connector_name": opening.asking.connector}
    return wish.to_json() | said | {"slug": opening.slug, "digest": opening.digest()}


def _require_own(principal: Principal, row: CredentialRow) -> None:
    if not may_connect_again(principal, row):
        raise NotOwner(user=principal.user, what="credential", name=row.name)


def _failed(opening: Opening, error: ExchangeFailed) -> SignInFailed:
    return SignInFailed(connector=opening.asking.connector, error=error.error, reason=error.reason)


def _context(flow: FlowRow) -> SealContext:
    return SealContext(tenant=flow.tenant, kind="oauth-flow", id=flow.id)
