"""Gateways: chosen commands for models, at endpoints and with tokens of their own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import GatewayDisabled, GatewayTokenMisplaced, NotOwner, ScopeMissing
from jackfield.access.principal import Principal, Scope
from jackfield.access.tokens import GATEWAY_SCOPES
from jackfield.agents.choice_checking import check_choice
from jackfield.agents.choice_reading import read_choice
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import UnknownGateway
from jackfield.manage.gateway_bodies import SHOWN_ONLY, USUAL, read_gateway
from jackfield.manage.gateway_views import ENDPOINT, Gateway, GatewayInfo, opened
from jackfield.manage.people_views import NewToken, Token
from jackfield.manage.tokens import make_token, token_view, user_for
from jackfield.manage.views import to_json
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.sent_back import check_sent_back
from jackfield.storage import gateways, users
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.database import Database
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.gateways import GatewayRow

MAX_KEPT = 1_000
"""Gateways that are remembered; beyond, those used longest ago are read again."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    gateway: Gateway
    enabled: bool
    version: int


class Gateways:
    """Makes, changes and opens gateways. Seeing them needs `read`, changing them `manage`."""

    def __init__(self, database: Database, catalogue: Catalogue, changes: Changes) -> None:
        """Args:
        database: Where they are.
        catalogue: What they can choose from.
        changes: Tells when one has changed, in whatever process.
        """
        self._database = database
        self._catalogue = catalogue
        self._changes = changes
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> GatewayInfo:
        """Make a gateway.

        Args:
            body: `{name, title, description, instructions, choice, mode, outputSchemas, characters, enabled}`; only
                the name is needed. Without a choice it has every command that may be offered to models.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidName, InvalidParams, InvalidChoice, ToolNameTaken: Something in it is wrong.
            AlreadyExists: There is one of that name.
        """

        def work(connection: Connection, said: Mapping[str, Any]) -> GatewayRow:
            row = GatewayRow(tenant=principal.tenant, owner=principal.id, **{**USUAL, **said})
            gateways.add(connection, row)
            _note(connection, principal, "create", row)
            return row

        async with self._recording(principal, "create", str(body.get("name", ""))):
            principal.require("manage")
            said = await self._read(principal, body, what="the gateway")
            if "name" not in said:
                fault = Fault(pointer="/name", message="is required", missing="name")
                raise InvalidParams(faults=[fault], where="the gateway", hint="give it a name")
            return _info(await self._database.write(lambda connection: work(connection, said)))

    async def list(self, principal: Principal) -> Sequence[GatewayInfo]:
        """The gateways of the tenant, by name.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
        """
        async with self._recording(principal, "list", "all"):
            principal.require("read")
        found = await self._database.read(lambda connection: gateways.every(connection, tenant=principal.tenant))
        return [_info(row) for row in found]

    async def get(self, principal: Principal, wanted: str) -> GatewayInfo:
        """A gateway by its name, in any case style, or its id.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownGateway: The tenant has none.
        """
        async with self._recording(principal, "get", wanted):
            principal.require("read")
        return _info(await self._database.read(lambda connection: _find(connection, principal, wanted)))

    async def update(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> GatewayInfo:
        """Change a gateway: what the body leaves out stays. A choice is replaced whole.

        Its tokens act for whoever they were made for, so only its owner or an administrator may widen it.

        Args:
            body: As for `create`.
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownGateway: The tenant has none.
            InvalidName, InvalidParams, InvalidDefinition, InvalidChoice, ToolNameTaken: Something in it is wrong.
            AlreadyExists: The new name is taken.
            RevisionConflict: It has changed since.
        """

        def work(connection: Connection, said: Mapping[str, Any]) -> GatewayRow:
            row = _changeable(connection, principal, wanted, revision)
            check_sent_back(body, SHOWN_ONLY, lambda: to_json(_info(row)), what=f"gateway `{row.name}`")
            _check_free(connection, row, said)
            saved = gateways.save(connection, replace(row, **said))
            _note(connection, principal, "update", saved, changed=sorted(said), revision=saved.revision)
            return saved

        async with self._recording(principal, "update", wanted):
            principal.require("manage")
            said = await self._read(principal, body, what=f"gateway `{wanted[:120]}`")
            return _info(await self._database.write(lambda connection: work(connection, said)))

    async def delete(self, principal: Principal, wanted: str, *, revision: int | None = None) -> None:
        """Delete a gateway, and revoke its tokens.

        Args:
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownGateway: The tenant has none.
            RevisionConflict: It has changed since.
        """

        def work(connection: Connection) -> None:
            row = _changeable(connection, principal, wanted, revision)
            gateways.delete(connection, row)
            _note(connection, principal, "delete", row)

        async with self._recording(principal, "delete", wanted):
            principal.require("manage")
            await self._database.write(work)

    async def create_token(
        self,
        principal: Principal,
        wanted: str,
        *,
        name: str,
        user: str | None = None,
        scopes: Collection[Scope] | None = None,
        expires_in_s: float | None = None,
    ) -> NewToken:
        """Make a token that counts at this gateway's endpoint and nowhere else. Its text is in the answer only.

        Args:
            name: What it is for, in 1 to 100 characters.
            user: For whom its calls are made; the caller unless given.
            scopes: `read` to see the tools, `execute` to call them; both unless given.
            expires_in_s: How long it works, as for `Tokens.create`.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownGateway, UnknownUser: There is none.
            InvalidParams: One of the arguments cannot be.
        """

        def work(connection: Connection) -> NewToken:
            row = _changeable(connection, principal, wanted, None)
            whose = user_for(connection, principal, user, to="make tokens for others")
            allowed = GATEWAY_SCOPES & principal.scopes if scopes is None else scopes
            return make_token(
                connection,
                principal,
                user=whose,
                name=name,
                scopes=allowed,
                expires_in_s=expires_in_s,
                gateway=row,
            )

        async with self._recording(principal, "token", wanted):
            principal.require("manage")
            if scopes is not None and not GATEWAY_SCOPES.issuperset(scopes):
                fault = Fault(pointer="/scopes", message="must be some of `execute`, `read`")
                raise InvalidParams(faults=[fault], where="the token", hint="a gateway's token changes nothing")
            return await self._database.write(work)

    async def tokens(self, principal: Principal, wanted: str) -> Sequence[Token]:
        """The tokens that count at this gateway, whoever they are for, oldest first, also those that are over.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownGateway: There is none.
        """

        def work(connection: Connection) -> Sequence[Token]:
            row = _changeable(connection, principal, wanted, None)
            found = users.tokens_of_gateway(connection, tenant=row.tenant, gateway=row.id)
            return [token_view(connection, *each) for each in found]

        async with self._recording(principal, "tokens", wanted):
            principal.require("read")
            return await self._database.read(work)

    async def open(self, principal: Principal, wanted: str) -> Gateway:
        """A gateway to use: its tools are those of its `choice`, and called as its `caller`.

        Costs no look into the database until a gateway of the tenant changes.

        Raises:
            UnknownGateway: There is none that the caller may use: the token of a gateway opens that one only.
            GatewayDisabled: It is switched off.
            ScopeMissing: The caller's token allows neither `read` nor `execute`.
        """
        grant = principal.gateway
        known = await self._look_up(principal, wanted)
        if grant is not None and grant.gateway != known.gateway.id:
            raise UnknownGateway(gateway=wanted)
        if not known.enabled:
            raise GatewayDisabled(gateway=known.gateway.name)
        caller = principal if grant is None else replace(principal, scopes=grant.scopes)
        if not caller.scopes & GATEWAY_SCOPES:
            raise ScopeMissing(user=principal.user, scope="read", scopes=sorted(caller.scopes))
        return replace(known.gateway, caller=caller)

    async def refuse(self, principal: Principal, *, place: str) -> None:
        """Write down that a gateway's token was used elsewhere, and refuse it.

        Raises:
            GatewayTokenMisplaced: Always.
        """
        async with self._recording(principal, "misplaced", place):
            raise GatewayTokenMisplaced(user=principal.user)

    async def _look_up(self, principal: Principal, wanted: str) -> _Known:
        tenant, key = principal.tenant, (principal.tenant, wanted)
        known = self._known.get(key)
        if known is not None and known.version >= self._changes.version(tenant=tenant, topic=gateways.TOPIC):
            self._known.move_to_end(key)
            return known

        def work(connection: Connection) -> _Known:
            row = _find(connection, principal, wanted)
            version = version_in(connection, tenant=tenant, topic=gateways.TOPIC)
            return _Known(gateway=opened(_info(row), caller=_NOBODY), enabled=row.enabled, version=version)

        self._known.pop(key, None)
        known = self._known[key] = await self._database.read(work)
        if len(self._known) > MAX_KEPT:
            self._known.popitem(last=False)
        return known

    async def _read(self, principal: Principal, body: Mapping[str, Any], *, what: str) -> Mapping[str, Any]:
        """What a body says. A choice is compared with what is there, and kept in one spelling."""
        said = read_gateway(body, what=what)
        if "choice" in said:
            await up_to_date(self._catalogue, principal.tenant)
            check_choice(read_choice(said["choice"]), self._catalogue, tenant=principal.tenant, what=what)
        return said

    def _recording(self, principal: Principal, verb: str, id: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(
            self._database, principal, action=f"gateway.{verb}", resource="gateway", resource_id=id[:120]
        )


_NOBODY = Principal(user="", scopes=frozenset())


def _find(connection: Connection, principal: Principal, wanted: str) -> GatewayRow:
    found = gateways.find(connection, tenant=principal.tenant, wanted=wanted)
    if found is None:
        # A token of one gateway is not told of others.
        known = [] if principal.gateway else gateways.every(connection, tenant=principal.tenant)
        raise UnknownGateway(gateway=wanted, known=[row.name for row in known])
    return found


def _changeable(connection: Connection, principal: Principal, wanted: str, revision: int | None) -> GatewayRow:
    row = _find(connection, principal, wanted)
    if row.owner != principal.id and not principal.admin:
        raise NotOwner(user=principal.user, what=gateways.WHAT, name=row.name)
    if revision is not None and row.revision != revision:
        raise RevisionConflict(what=gateways.WHAT, name=row.name, expected=revision)
    return row


def _check_free(connection: Connection, row: GatewayRow, said: Mapping[str, Any]) -> None:
    other = gateways.find(connection, tenant=row.tenant, wanted=said["name"]) if "name" in said else None
    if other is not None and other.id != row.id:
        raise AlreadyExists(what=gateways.WHAT, name=said["name"])


def _note(connection: Connection, principal: Principal, verb: str, row: GatewayRow, **details: Any) -> None:
    append(
        connection,
        principal,
        action=f"gateway.{verb}",
        resource="gateway",
        resource_id=row.id,
        details={"name": row.name, **details},
    )


def _info(row: GatewayRow) -> GatewayInfo:
    return GatewayInfo(
        id=row.id,
        name=row.name,
        title=row.title,
        description=row.description,
        instructions=row.instructions,
        choice=row.choice,
        mode=row.mode,  # type: ignore[arg-type]  # nothing else is kept
        output_schemas=row.output_schemas,
        characters=row.characters,
        enabled=row.enabled,
        owner=row.owner,
        endpoint=ENDPOINT + row.name,
        created=row.created,
        updated=row.updated,
        revision=row.revision,
    )
