"""An account that is connected to a fake service, and processes that call it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import update

from jackfield.credentials.credential import Credential
from jackfield.credentials.oauth.access import OAuth
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.apps import EnvironmentApps
from jackfield.credentials.oauth.asking import Asking
from jackfield.credentials.oauth.authorizer import OAuth2
from jackfield.credentials.oauth.grants import Grants, Held, held_of
from jackfield.credentials.oauth.memory_grants import MemoryGrants
from jackfield.credentials.oauth.refreshing import Refresher, Source
from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.oauth.tokens import Tokens
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Answer
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.storage import oauth_grants
from jackfield.storage.changes import Changes
from jackfield.storage.database import Database
from jackfield.storage.tables.coordination import lease
from jackfield.testing import FakeOAuth
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.watch import SecretWatch

TENANT, HOLDER = "default", "cred-1"
RING = KeyRing.generate()


async def stored(database: Database) -> StoredGrants:
    """Grants as another process on the same database has them; it hears of no change but by looking."""
    return StoredGrants(database, Changes(database), Envelope(RING), SecretWatch())


@dataclass(kw_only=True)
class Desk:
    """One process."""

    server: FakeOAuth
    grants: Grants
    pools: Pools = field(default_factory=Pools)
    settings: Mapping[str, Any] = field(default_factory=dict)
    credential: Credential | None = None
    own: bool = False
    as_app: App | None = None
    refresher: Refresher = field(init=False)

    def __post_init__(self) -> None:
        self.refresher = Refresher(grants=self.grants)
        self.policy = Policy(allow=parse_allow(self.server.address), ports=frozenset({80, 443}))

    @property
    def oauth(self) -> OAuth:
        return OAuth(refresher=self.refresher, apps=EnvironmentApps(), pools=self.pools)

    def asking(self) -> Asking:
        said = {"type": "acme", "token_url": self.server.token_url, "revocation_url": self.server.revocation_url}
        return Asking(
            tenant=TENANT,
            connector_id="con-1",
            connector="acme",
            trusted=True,
            auth={"type": "oauth2"},
            settings=OAuthSettings(**said | self.settings),
            policy=self.policy,
        )

    @property
    def app(self) -> App:
        if self.as_app is not None:
            return self.as_app
        return App(client_id=self.server.client_id, secret=Secret(self.server.client_secret))

    def source(self) -> Source:
        if self.own:
            return self.oauth.source(self.asking(), self.app, None)
        credential = self.credential or Credential(id=HOLDER, tenant=TENANT, connector_id="con-1", name="main")
        return self.oauth.source(self.asking(), self.app, credential)

    def authorizer(self) -> OAuth2:
        return OAuth2(self.source(), self.asking().settings, self.refresher)

    async def call(self, name: str = "me", *, auth: OAuth2 | None = None) -> Answer:
        """One call of the service."""
        client = Client(self.pools.get(self.policy), auth=auth or self.authorizer())
        return await client.get(f"{self.server.api_url}/{name}")

    async def held(self) -> Held | None:
        """What is kept."""
        return await self.grants.read(tenant=TENANT, holder=HOLDER)

    async def connect(self, tokens: Tokens | None = None, **more: Any) -> Held | None:
        """An account is connected: what the service grants is kept."""
        return await keep(self.grants, tokens or granted(self.server, **more))

    async def close(self) -> None:
        await self.refresher.close()
        await self.pools.close()


Another = Callable[[], Awaitable[Desk]]


def granted(server: FakeOAuth, **changes: Any) -> Tokens:
    """What the service gives when somebody says yes."""
    answer = server.grant()
    given: dict[str, Any] = {
        "access": Secret(answer["access_token"]),
        "refresh": Secret(answer["refresh_token"]) if "refresh_token" in answer else None,
        "lives_s": float(answer.get("expires_in", 3600)),
    }
    return Tokens(**given | changes)


async def keep(grants: Grants, tokens: Tokens, *, refreshable: bool = True, holder: str = HOLDER) -> Held | None:
    """Keep tokens after those that there are."""
    turn = await grants.turn(tenant=TENANT, holder=holder)
    assert turn is not None
    return await grants.keep(turn, tokens, refreshable=refreshable)


async def hear(grants: Grants) -> None:
    """Learn of what was changed, as processes do of each other."""
    if isinstance(grants, StoredGrants):
        await grants._changes.scan()


def exchanges(server: FakeOAuth) -> list[tuple[str, int | None]]:
    """How exchanges of refresh tokens ended, and the generation that they brought."""
    return [(each.outcome, each.generation) for each in server.log() if each.grant == "refresh_token"]


def memory_desks(server: FakeOAuth) -> Callable[[], Awaitable[Desk]]:
    """Desks that share what is kept in memory: several refreshers of one process."""
    grants = MemoryGrants()

    async def another() -> Desk:
        return Desk(server=server, grants=grants)

    return another


def stored_desks(server: FakeOAuth, database: Database) -> Callable[[], Awaitable[Desk]]:
    """Desks on one database."""

    async def another() -> Desk:
        return Desk(server=server, grants=await stored(database))

    return another


async def all_of(count: int, work: Callable[[], Awaitable[Any]]) -> list[Any]:
    """`work` so often at once; errors among the results."""
    return await asyncio.gather(*(work() for _ in range(count)), return_exceptions=True)


def sleepless(monkeypatch: Any) -> None:
    """Nobody waits for the next attempt: what would be waited for is an error at once."""
    from jackfield.credentials.oauth import refreshing

    monkeypatch.setattr(refreshing, "PATIENCE_S", 0.0)


async def end_turns(desk: Desk) -> None:
    """As when its time is over."""
    if hasattr(desk.grants, "_turns"):
        desk.grants._turns.clear()
        return

    await desk.grants._database.write(lambda c: c.execute(update(lease).values(until=0)) and None)


async def replace_tokens(desk: Desk, tokens: Tokens) -> None:
    """As a sign-in does: over whatever there is, while somebody else's turn lasts."""
    grants = desk.grants
    if hasattr(grants, "_kept"):
        before = grants._kept[TENANT, HOLDER]
        grants._kept[TENANT, HOLDER] = held_of(tokens, generation=before.generation + 1, refreshable=True)
        return
    row = grants.sealed(TENANT, HOLDER, tokens, generation=2, refreshable=True)
    await grants._database.write(lambda c: oauth_grants.put(c, row, lives_us=3_600_000_000, after=None))


async def remove_tokens(desk: Desk) -> None:
    grants = desk.grants
    if hasattr(grants, "_kept"):
        grants._kept.clear()
    else:
        await grants._database.write(lambda c: oauth_grants.remove(c, tenant=TENANT, holder=HOLDER))
    desk.refresher.forget(tenant=TENANT, holder=HOLDER)


async def end_tokens(desk: Desk) -> None:
    grants = desk.grants
    if hasattr(grants, "_kept"):
        ended = replace(grants._kept[TENANT, HOLDER], generation=2, access=None, refresh=None, ended="revoked")
        grants._kept[TENANT, HOLDER] = ended
        return
    told = {"tenant": TENANT, "holder": HOLDER, "code": "revoked", "reason": "here"}
    await grants._database.write(lambda c: oauth_grants.end(c, **told))
