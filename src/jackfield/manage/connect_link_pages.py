"""What happens on the page of a connect link. Whoever has the link is all that is known of whoever is there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from jackfield.access.principal import Principal
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.definition.auth import canonical
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.errors import JackfieldError
from jackfield.manage.connect_link_fields import fields_of
from jackfield.manage.connect_link_secrets import LinkSecrets
from jackfield.manage.connect_link_views import LinkPage
from jackfield.manage.connect_links import state_of
from jackfield.manage.credentials import Credentials
from jackfield.manage.errors import ConnectLinkInvalid
from jackfield.manage.sign_in_beginning import Beginning
from jackfield.manage.sign_in_views import SignInStarted
from jackfield.manage.sign_in_wishes import wish_of
from jackfield.storage import connect_links, oauth_flows, users
from jackfield.storage.clock import now_us
from jackfield.storage.connect_links import LinkRow
from jackfield.storage.database import Database

MAX_BEGUN = 50
"""Sign-ins that may begin with one link: whoever has it must not fill the database."""

log = logging.getLogger("jackfield.credentials")


class LinkPages:
    """Shows links to whoever has them, and does what they are for."""

    def __init__(
        self, database: Database, secrets: LinkSecrets, beginning: Beginning, credentials: Credentials
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._beginning = beginning
        self._credentials = credentials

    async def show(self, token: str) -> LinkPage:
        """What a link asks for.

        Raises:
            ConnectLinkInvalid: It cannot be used, or not any more.
        """
        row, principal = await self._open(token)
        try:
            ready, connector = await self._beginning.openings.connection(principal, row.connector_id)
            signs_in = canonical(ready.definition.auth).get("type") == "oauth2"
            opening = await self._beginning.check(principal, wish_of(row.asked)) if signs_in else None
        except JackfieldError as error:
            raise self._closed(row, error) from None
        return LinkPage(
            author=principal.user,
            connector=connector.display_name or connector.name,
            end_user=str(row.asked.get("end_user", "")),
            scopes=opening.asking.settings.scopes if opening else (),
            signs_in=signs_in,
            fields=fields_of(ready.definition),
        )

    async def begin(self, token: str, *, origin: str) -> SignInStarted:
        """A sign-in with it.

        Raises:
            ConnectLinkInvalid: It cannot be used, or not any more.
        """
        row, principal = await self._open(token)
        count = partial(oauth_flows.count_of_link, tenant=row.tenant, link_id=row.id)
        if await self._database.read(count) >= MAX_BEGUN:
            raise ConnectLinkInvalid(problem="it was tried too often")
        wish = wish_of(row.asked, client_secret=self._secrets.client_secret(row))
        try:
            return await self._beginning.code(principal, wish, origin=origin, link_id=row.id)
        except JackfieldError as error:
            raise self._closed(row, error) from None

    async def fill(self, token: str, values: Mapping[str, str]) -> str:
        """Keep values that were typed in; where its user may go now, empty for nowhere.

        Raises:
            ConnectLinkInvalid: It cannot be used, or not any more.
            InvalidParams: A value cannot be.
        """
        row, principal = await self._open(token)
        ready, connector = await self._beginning.openings.connection(principal, row.connector_id)
        known = [name for name, _, _ in fields_of(ready.definition)]
        given = {name: values[name] for name in known if values.get(name)}
        if not given:  # it would be used up, and connect nothing
            faults = [Fault(pointer=f"/values/{name}", message="is required", missing=name) for name in known]
            raise InvalidParams(faults=faults, where="the account", hint="fill in what your account has")
        if not await self._database.write(partial(connect_links.use, tenant=row.tenant, id=row.id, result_id="")):
            raise ConnectLinkInvalid(problem="it was used before")
        settle = partial(connect_links.settle, tenant=row.tenant, id=row.id)
        wish = wish_of(row.asked)
        try:
            made = await self._credentials.add(
                principal,
                connector.id,
                name=wish.name or None,
                values=given,
                visibility=wish.visibility,
                default=wish.is_default,
                end_user=wish.end_user,
            )
        except JackfieldError as error:
            await self._database.write(partial(settle, result_id=""))
            if isinstance(error, InvalidParams):
                raise
            raise self._closed(row, error) from None
        await self._database.write(partial(settle, result_id=made.id))
        return wish.return_url

    async def _open(self, token: str) -> tuple[LinkRow, Principal]:
        """The link of a token, and whoever made it. Nothing is looked up for a token that nobody here has signed.

        Raises:
            ConnectLinkInvalid: There is none, or it is over.
        """
        signed = (await self._secrets.tokens()).read(token)
        if signed is None:
            raise ConnectLinkInvalid(problem="it is not complete, or none of this server's")
        if now_us() >= signed.expires:
            raise ConnectLinkInvalid(problem="it has expired")
        row = await self._database.read(partial(connect_links.get, tenant=signed.tenant, id=signed.id))
        if row is None or row.connector_id != signed.connector_id:
            raise ConnectLinkInvalid(problem="it is gone")
        if (state := state_of(row)) != "open":
            raise ConnectLinkInvalid(problem=f"it was {state}" if state != "expired" else "it has expired")
        user = await self._database.read(partial(users.get, tenant=row.tenant, id=row.author))
        if user is None or user.disabled is not None or user.deleted is not None:
            raise ConnectLinkInvalid(problem="whoever made it is no user any more")
        return row, Principal(user=user.name, id=user.id, tenant=user.tenant, admin=ADMIN_ROLE in user.roles)

    def _closed(self, row: LinkRow, error: JackfieldError) -> ConnectLinkInvalid:
        """A stranger is not told what is wrong with the installation; its log is."""
        log.warning("the connect link `%s` cannot be used: %s", row.id, error)
        return ConnectLinkInvalid(problem="the connector cannot take an account now")
