"""Connect links: made, listed, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.credentials.oauth.errors import SignInNotOffered
from jackfield.definition.auth import canonical
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.secret import Secret
from jackfield.manage.connect_link_fields import fields_of
from jackfield.manage.connect_link_secrets import LinkSecrets
from jackfield.manage.connect_link_tokens import Signed
from jackfield.manage.connect_link_views import ConnectLinkInfo
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import UnknownConnectLink
from jackfield.manage.sign_in_beginning import Beginning
from jackfield.manage.sign_in_wishes import Mode, Visibility, Wish, check_wish
from jackfield.storage import connect_links, users
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.connect_links import LinkRow
from jackfield.storage.database import Database

USUAL_LIFE_S = 3 * 86_400
MOST_LIFE_S = 30 * 86_400
PAGE = "/connect"


class ConnectLinks:
    """Makes links with which somebody without an account here connects one account to one connector."""

    def __init__(
        self, database: Database, secrets: LinkSecrets, beginning: Beginning, *, return_origins: Sequence[str] = ()
    ) -> None:
        """Args:
        return_origins: Where the user of a link may be sent to afterwards.
        """
        self._database = database
        self._secrets = secrets
        self._beginning = beginning
        self._return_origins = return_origins

    async def make(
        self,
        principal: Principal,
        connector: str,
        *,
        end_user: str,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        credential: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
        switch_account: bool = False,
        expires_in_s: float | None = None,
        return_url: str | None = None,
        origin: str | None = None,
    ) -> ConnectLinkInfo:
        """Make a link. Whoever has it may connect one account, once, in the name of the caller.

        Args:
            end_user: Whose account it is, as you call them: at most 120 characters.
            name, visibility, default, credential, mode, client_id, client_secret, scopes, switch_account: As for
                `SignIns.start`; but another's account becomes no default unless that is said.
            expires_in_s: At most 30 days; 3 days unless given.
            return_url: Where its user may go afterwards; its origin has to be among `JACKFIELD_CONNECT_RETURN_ORIGINS`.
            origin: The server's address; it knows its own.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownConnector, AmbiguousConnector, UnknownCredential, SignInNotOffered, InvalidParams: Something is not
                there, or not so.
            CredentialNotAllowed, NotOwner, OAuthAppMissing: As for `SignIns.start`.
        """
        wish = Wish(
            connector=connector,
            credential=credential or "",
            name=name or "",
            visibility=visibility,
            is_default=_is_default(principal, end_user, default),
            end_user=end_user,
            mode=mode,
            client_id=client_id or "",
            client_secret=Secret(client_secret) if isinstance(client_secret, str) else client_secret,
            scopes=scopes,
            switch_account=switch_account,
            return_url=return_url or "",
        )
        async with self._recording(principal, "make", connector):
            principal.require("manage")
            self._check(wish, expires_in_s)
            connector_id, full_name = await self._connector(principal, wish)
            base = self._beginning.base(origin or "")
            row = LinkRow(
                tenant=principal.tenant,
                connector_id=connector_id,
                author=principal.id,
                expires=now_us() + microseconds(expires_in_s or USUAL_LIFE_S),
                asked=replace(wish, connector=connector_id).to_json() | {"connector_name": full_name},
            )
            row = self._secrets.seal(row, wish.client_secret)

            def work(connection: Connection) -> None:
                connect_links.add(connection, row)
                details = {"connector": full_name, "endUser": end_user, "visibility": visibility}
                self._note(connection, principal, "make", row, **details)

            await self._database.write(work)
            signed = Signed(id=row.id, tenant=row.tenant, connector_id=connector_id, expires=row.expires)
            token = (await self._secrets.tokens()).make(signed)
            return replace(_info(row, principal.user), url=f"{base}{PAGE}/{token}")

    async def list(self, principal: Principal, *, connector: str | None = None) -> Sequence[ConnectLinkInfo]:
        """The links of the caller, newest first; an administrator sees those of all.

        Args:
            connector: Its id, or its name in full.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
        """

        def work(connection: Connection) -> list[ConnectLinkInfo]:
            names = users.names(connection, tenant=principal.tenant)
            found = connect_links.every(connection, tenant=principal.tenant)
            mine = [row for row in found if principal.admin or row.author == principal.id]
            shown = [_info(row, names.get(row.author, "")) for row in mine]
            return [link for link in shown if connector in {None, link.connector, link.connector_id}]

        async with self._recording(principal, "list", "all"):
            principal.require("manage")
            return await self._database.read(work)

    async def get(self, principal: Principal, id: str) -> ConnectLinkInfo:
        """What became of a link.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownConnectLink: The caller sees none of that id.
        """

        def work(connection: Connection) -> ConnectLinkInfo:
            row = _find(connection, principal, id)
            return _info(row, users.names(connection, tenant=principal.tenant).get(row.author, ""))

        async with self._recording(principal, "get", id):
            principal.require("manage")
            return await self._database.read(work)

    async def revoke(self, principal: Principal, id: str) -> None:
        """Let nobody use a link any more.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownConnectLink: The caller sees none of that id.
        """

        def work(connection: Connection) -> None:
            row = _find(connection, principal, id)
            connect_links.revoke(connection, tenant=row.tenant, id=row.id)
            self._note(connection, principal, "revoke", row)

        async with self._recording(principal, "revoke", id):
            principal.require("manage")
            await self._database.write(work)

    def _check(self, wish: Wish, expires_in_s: float | None) -> None:
        check_wish(wish)
        faults = []
        if not wish.end_user:
            faults.append(Fault(pointer="/endUser", message="is required", missing="endUser"))
        if expires_in_s is not None and not 60 <= expires_in_s <= MOST_LIFE_S:
            faults.append(Fault(pointer="/expiresIn", message=f"must be 60 to {MOST_LIFE_S} seconds"))
        if wish.return_url and not _is_allowed(wish.return_url, self._return_origins):
            message = "has an origin that is not among `JACKFIELD_CONNECT_RETURN_ORIGINS`"
            faults.append(Fault(pointer="/returnUrl", message=message))
        if faults:
            raise InvalidParams(faults=faults, where="the connect link", hint="`/docs` shows what a link takes")

    async def _connector(self, principal: Principal, wish: Wish) -> tuple[str, str]:
        """Id and name of a connector to which an account can be connected.

        Raises: as `make`.
        """
        ready, connector = await self._beginning.openings.connection(principal, wish.connector)
        definition = ready.definition
        if canonical(definition.auth).get("type") == "oauth2":
            await self._beginning.check(principal, wish)
        elif not fields_of(definition):
            offered = "its type needs no credential"
            raise SignInNotOffered(connector=connector.full_name, wanted="account to connect", offered=offered)
        return connector.id, connector.full_name

    def _note(self, connection: Connection, principal: Principal, verb: str, row: LinkRow, **details: str) -> None:
        action = f"connect-link.{verb}"
        append(connection, principal, action=action, resource="connect-link", resource_id=row.id, details=details)

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        what = {"resource": "connect-link", "resource_id": name}
        return recording_denials(self._database, principal, action=f"connect-link.{verb}", **what)


def state_of(row: LinkRow) -> Literal["open", "used", "expired", "revoked"]:
    """What can be done with a link."""
    if row.used is not None:
        return "used"
    if row.revoked is not None:
        return "revoked"
    return "expired" if now_us() >= row.expires else "open"


def _find(connection: Connection, principal: Principal, id: str) -> LinkRow:
    row = connect_links.get(connection, tenant=principal.tenant, id=id)
    if row is None or not (principal.admin or row.author == principal.id):
        raise UnknownConnectLink(link=id)
    return row


def _is_allowed(url: str, origins: Sequence[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>') and "@" not in parts.netloc
    return plain and f"{parts.scheme}://{parts.netloc}".lower() in origins


def _info(row: LinkRow, author_name: str) -> ConnectLinkInfo:
    asked = row.asked
    return ConnectLinkInfo(
        id=row.id,
        connector=str(asked.get("connector_name", "")),
        connector_id=row.connector_id,
        name=str(asked.get("name", "")),
        end_user=str(asked.get("end_user", "")),
        visibility="private" if asked.get("visibility") == "private" else "shared",
        credential=row.result_id or None,
        state=state_of(row),
        author=row.author,
        author_name=author_name,
        created=row.created,
        expires=row.expires,
        used=row.used,
        revoked=row.revoked,
    )


def _is_default(principal: Principal, end_user: str, wanted: bool | None) -> bool | None:
    """The account of a customer is not what calls of everybody use because it happened to be the first."""
    return False if wanted is None and end_user != principal.user else wanted
