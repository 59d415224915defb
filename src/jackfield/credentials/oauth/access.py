"""What signs a call's requests where a type says `oauth2`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from jackfield.credentials.credential import Credential
from jackfield.credentials.errors import CredentialMissing
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.apps import Apps, variable_prefix
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.authorizer import OAuth2
from jackfield.credentials.oauth.discovery import Discovery
from jackfield.credentials.oauth.errors import OAuthAppMissing
from jackfield.credentials.oauth.exchange import Exchange
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.own_holders import OwnHolders
from jackfield.credentials.oauth.refreshing import Refresher, Source
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.credentials.resolve import Sources
from jackfield.credentials.schemes import ApiKey
from jackfield.definition.auth import parts_of
from jackfield.definition.auth.oauth2 import OAUTH2
from jackfield.definition.names import find
from jackfield.definition.secret import Secret
from jackfield.egress.pools import Pools


@dataclass(kw_only=True)
class OAuth:
    """Tokens for connectors.

    Attributes:
        apps: Of the installation.
        pools: Through which authorization servers are asked.
    """

    refresher: Refresher
    apps: Apps
    pools: Pools
    discovery: Discovery = field(default_factory=Discovery)
    holders: OwnHolders = field(default_factory=OwnHolders)

    async def scheme(self, asking: Asking, sources: Sources, credential: Credential | None) -> OAuth2 | ApiKey:
        """What signs the requests of a call. Nothing is asked of anybody yet.

        Raises:
            CredentialMissing: Nobody has connected an account.
            OAuthAppMissing: There is no app to ask with.
        """
        parts = await self.parts(asking, sources)
        held = _held(asking, credential)
        pasted = credential is None or "accessToken" in held
        if pasted and (given := await _given(asking, sources)) is not None:
            return ApiKey(
                given,
                name=asking.settings.name,
                location=asking.settings.location,
                prefix=asking.settings.prefix,
            )
        nobody = credential is None and asking.settings.needs_person
        if nobody or (asking.auth.get("optional") and _is_of_another_scheme(credential, held)):
            raise CredentialMissing(
                what="a connected account",
                searched=["the caller's private credentials", "the shared credentials"],
                hint=f"`jackfield credentials connect {asking.connector}` connects one, or the connector's page",
            )
        app = await self.app(asking, parts, credential)
        return OAuth2(self.source(asking, app, credential), asking.settings, self.refresher)

    async def parts(self, asking: Asking, sources: Sources) -> dict[str, Secret]:
        """What the type and the credential say of the app.

        Raises:
            CredentialMissing: Something that the type declares is not there.
            SecretNotAllowed: See `credentials.named`.
        """
        return await sources.parts({key: value for key, value in asking.auth.items() if key not in _WHOLE})

    async def app(self, asking: Asking, parts: Mapping[str, Secret], credential: Credential | None) -> App:
        """The app to ask with: the credential's own, the type's, or the installation's.

        Raises:
            OAuthAppMissing: There is none.
        """
        if client_id := parts.get("clientId"):
            typed = credential.values if credential else {}
            own = "clientId" in typed
            # What proves another app is not sent along with an app of one's own that has nothing to prove it.
            proofs = {name: parts.get(name) for name in ("clientSecret", "key") if name in typed or not own}
            return App(
                client_id=client_id.reveal(),
                secret=proofs.get("clientSecret"),
                key=proofs.get("key"),
                place="the credential" if own else "the connector",
            )
        settings = asking.settings
        if asking.trusted:
            where = settings.token_url or settings.issuer
            found = await self.apps.find(settings.type, tenant=asking.tenant, token_url=where)
            if found is not None:
                return found
        if settings.grant == "jwt_bearer" and "key" in parts:
            return App(key=parts["key"], place="the connector")
        if credential is not None and credential.mode == "token":
            return App(place="nowhere")
        raise _no_app(asking)

    def exchange(self, asking: Asking, app: App) -> Exchange:
        """A conversation with the connector's authorization server."""
        return Exchange(settings=asking.settings, app=app, pool=self.pools.get(asking.policy), discovery=self.discovery)

    def source(self, asking: Asking, app: App, credential: Credential | None) -> Source:
        """Where the tokens of a credential, or of the connector's own client, come from."""
        needs_person = asking.settings.needs_person or (credential is not None and credential.mode == "token")
        return Source(
            tenant=asking.tenant,
            holder=credential.id if credential else self.holders.of(asking, app),
            obtain=partial(_obtain, self, asking, app, needs_person),
            refreshable=partial(_is_refreshable, app, needs_person),
            credential=credential.shown_as if credential else "the token",
            connector=asking.connector,
            credential_id=credential.id if credential else None,
        )


_WHOLE = frozenset({"field", "secret"})


def _held(asking: Asking, credential: Credential | None) -> frozenset[str]:
    """The parts of the `auth` that were typed in with a credential, by themselves or as connection fields."""
    if credential is None or credential.mode != "values":
        return frozenset()
    said = parts_of(OAUTH2, asking.auth)
    fields = {name: said[name].get("field") for name in said if isinstance(said[name], Mapping)}
    typed = {name for name, field in fields.items() if field and find(field, credential.values)}
    return frozenset(typed | (OAUTH2.parts.keys() & credential.values.keys()))


def _is_of_another_scheme(credential: Credential | None, held: frozenset[str]) -> bool:
    """Whether it was typed in for something else: its key signs then, and no token of somebody else."""
    return credential is not None and credential.mode == "values" and bool(credential.secrets) and not held


async def _given(asking: Asking, sources: Sources) -> Secret | None:
    """The token that stands in the connection, or in a secret that the type names, if it does."""
    whole = {key: asking.auth[key] for key in _WHOLE if key in asking.auth}
    if not whole:
        return None
    if "field" in whole and not sources.config.get(whole["field"]) and "accessToken" not in sources.values:
        return None
    return (await sources.parts({"type": "oauth2", **whole})).get("accessToken")


async def _obtain(oauth: OAuth, asking: Asking, app: App, needs_person: bool, refresh: Secret | None) -> Tokens:
    exchange = oauth.exchange(asking, app)
    if refresh is not None:
        return await exchange.refresh(refresh)
    if needs_person:
        raise ExchangeFailed("no_refresh_token", "the service gave no token to renew it with", sent=False)
    if exchange.settings.grant == "jwt_bearer":
        return await exchange.assertion()
    return await exchange.client_credentials()


def _is_refreshable(app: App, needs_person: bool, refresh: Secret | None) -> bool:
    return (refresh is not None and bool(app.client_id)) if needs_person else True


def _no_app(asking: Asking) -> OAuthAppMissing:
    variable = f"{variable_prefix(asking.settings.type)}CLIENT_ID"
    searched = ["the credential", "the connector"]
    if not asking.trusted:
        hint = f"an administrator must approve `{asking.connector}` before the installation's app is lent to it"
        return OAuthAppMissing(connector=asking.connector, searched=searched, hint=hint)
    hint = f"set `{variable}` and `{variable.replace('_ID', '_SECRET')}`, put an app in the settings, or bring your own"
    return OAuthAppMissing(connector=asking.connector, searched=[*searched, f"`{variable}`", "the settings"], hint=hint)
