"""A connector as it signs people in: its settings, the app, and a conversation with its service."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import CredentialNotAllowed
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.errors import SignInNotOffered
from jackfield.credentials.oauth.exchange import Exchange
from jackfield.credentials.service import CredentialService
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import slug
from jackfield.definition.secret import Secret
from jackfield.dispatch.connect import asking_of, sources_of
from jackfield.dispatch.ready import Ready, ReadyCommands
from jackfield.manage.sign_in_wishes import Wish
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.storage.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a sign-in works with.

    Attributes:
        credential: The one to connect again, or one that is not kept yet.
        own: It signs in with an app that is not the installation's.
    """

    connector: ConfiguredConnector
    asking: Asking
    app: App
    exchange: Exchange
    credential: Credential
    own: bool

    @property
    def slug(self) -> str:
        """Of the type: each has a redirect URI of its own, so that an answer of another service is noticed."""
        return slug(self.asking.settings.type)

    def digest(self) -> str:
        """Of where people and secrets are sent: what has changed meanwhile is another sign-in."""
        said = self.asking.settings
        parts = (said.type, said.grant, said.issuer, said.authorization_url, said.token_url, self.app.client_id)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Openings:
    """Opens connectors."""

    def __init__(self, commands: ReadyCommands, service: CredentialService) -> None:
        self._commands = commands
        self._service = service

    async def find(self, principal: Principal, wanted: str) -> tuple[Ready, ConfiguredConnector]:
        """A connector that signs people in.

        Raises:
            UnknownConnector, AmbiguousConnector: The name fits nothing, or too much.
            SignInNotOffered: It does not.
        """
        ready, connector = await self.connection(principal, wanted)
        kind = str(ready.auth.get("type") or "none")
        if kind != "oauth2":
            offered = f"its type signs requests by `{kind}`"
            raise SignInNotOffered(connector=ready.target.name, wanted="sign-in", offered=offered)
        return ready, connector

    async def connection(self, principal: Principal, wanted: str) -> tuple[Ready, ConfiguredConnector]:
        """A connector, whatever it needs.

        Raises:
            UnknownConnector, AmbiguousConnector: The name fits nothing, or too much.
            SignInNotOffered: It is a type.
        """
        ready = await self._commands.connection(principal, wanted)
        if ready.target.connector is None:
            offered = "it is a type; make a connector of it first"
            raise SignInNotOffered(connector=ready.target.name, wanted="sign-in", offered=offered)
        return ready, ready.target.connector

    async def open(self, principal: Principal, wish: Wish, *, existing: Credential | None, kind: str) -> Opening:
        """The connector of a wish.

        Args:
            principal: In whose name the account is connected.
            existing: The credential to connect again.
            kind: `code` or `device`.

        Raises: as `find`, and
            CredentialNotAllowed: The caller has not agreed to where the connector sends tokens.
            ConnectorNotConfigured, CredentialMissing, OAuthAppMissing, Undecryptable: Something is not there.
            InvalidParams: There is no app of one's own.
        """
        ready, connector = await self.find(principal, wish.connector)
        credential = _credential(principal, connector, wish, existing)
        # Whose account it is agrees to where its tokens go; so does whoever has put the rest of the credential.
        if connector.chosen_by is not None and {connector.chosen_by} != {principal.id, credential.decider}:
            raise CredentialNotAllowed(credential=credential.name or "new", connector=connector.full_name)
        config, sources, _ = await sources_of(ready, self._service, principal, credential)
        asking = _with_scopes(asking_of(ready, principal, config), wish)
        _check_offered(asking, kind)
        oauth = self._service.oauth
        parts = await oauth.parts(asking, sources)
        own = "clientId" in parts
        if wish.mode == "own" and not own:
            fault = Fault(pointer="/clientId", message="is required", missing="clientId")
            raise InvalidParams(faults=[fault], where="the sign-in", hint="give the client ID of your own app")
        app = await oauth.app(asking, parts, credential)
        if wish.client_id and app.client_id != wish.client_id:
            fault = Fault(pointer="/clientId", message="is not used: the type says itself which app signs in")
            raise InvalidParams(faults=[fault], where="the sign-in", hint="leave it out")
        return Opening(
            connector=connector,
            asking=asking,
            app=app,
            exchange=oauth.exchange(asking, app),
            credential=credential,
            own=own,
        )


def _credential(
    principal: Principal, connector: ConfiguredConnector, wish: Wish, existing: Credential | None
) -> Credential:
    """The credential as it will be, as far as an app is found by it."""
    own = own_values(wish)
    if existing is not None:
        values = values_after(existing.values, wish)
        # Not the mode that it has: a token that was pasted has no app, and nobody signs in with none.
        return replace(existing, mode="own" if "clientId" in values else "platform", values=values)
    return Credential(
        id=new_id(),
        tenant=principal.tenant,
        connector_id=connector.id,
        name=wish.name,
        mode="own" if own else "platform",
        owner=principal.id if wish.visibility == "private" else None,
        decider=principal.id,
        values=own,
    )


def _with_scopes(asking: Asking, wish: Wish) -> Asking:
    scopes = tuple(dict.fromkeys((*asking.settings.scopes, *wish.scopes)))
    return replace(asking, settings=replace(asking.settings, scopes=scopes))


def _check_offered(asking: Asking, kind: str) -> None:
    """Refuse a way to sign in that the type does not say."""
    said = asking.settings
    if not said.needs_person:
        offered = f"nobody signs in: its app gets tokens by `{said.grant}`"
        raise SignInNotOffered(connector=asking.connector, wanted="sign-in", offered=offered)
    if kind == "device" and not (said.device_url or said.issuer):
        offered = "its type has no `deviceAuthorizationUrl`"
        raise SignInNotOffered(connector=asking.connector, wanted="sign-in on another device", offered=offered)
    if kind == "code" and (said.grant == "device_code" or not (said.authorization_url or said.issuer)):
        offered = "its type has no `authorizationUrl`"
        raise SignInNotOffered(connector=asking.connector, wanted="sign-in in a browser", offered=offered)
    if not (said.token_url or said.issuer):
        offered = "its type has no `tokenUrl`"
        raise SignInNotOffered(connector=asking.connector, wanted="sign-in", offered=offered)


def own_values(wish: Wish) -> dict[str, Secret | str]:
    """The app of one's own, as the values of a credential have it."""
    own: dict[str, Secret | str] = {"clientId": wish.client_id} if wish.client_id else {}
    return own | ({"clientSecret": wish.client_secret} if wish.client_secret else {})


def values_after(values: Mapping[str, Any], wish: Wish) -> dict[str, Any]:
    """The values of a credential that is connected again. An app comes, and goes, as a whole."""
    if not wish.client_id and wish.mode != "platform":
        return dict(values)
    kept = {name: value for name, value in values.items() if name not in {"clientId", "clientSecret"}}
    return {**kept, **own_values(wish)}
