"""Who stands behind a token of the issuer, and from when on nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from access.test_issuer_keys import Clock, fetch
from jackfield.access.errors import IdentityUnknown, IssuerTokenRefused, TokenUnknown, UserDisabled
from jackfield.access.issuer import callers as module
from jackfield.access.issuer.callers import IssuerCallers, either
from jackfield.access.issuer.keys import BETWEEN_S, FRESH_S, IssuerKeys
from jackfield.access.principal import ALL_SCOPES, Principal
from jackfield.storage import identities, tenants, users
from jackfield.storage.changes import Changes
from jackfield.storage.clock import now_us
from jackfield.storage.database import open_database
from jackfield.storage.identities import IdentityRow
from jackfield.storage.tenants import TenantRow
from jackfield.storage.users import UserRow
from jackfield.vault.watch import SecretWatch
from oidc import AUDIENCE, Issuer, issuing

NEVER_S = 3600.0
SUBJECT = "ann-at-the-company"


@pytest.fixture(scope="module")
def shared_issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def issuer(shared_issuer: Issuer) -> Issuer:
    shared_issuer.service.asked.clear()
    return shared_issuer


@pytest.fixture
async def changes(database):
    bus = Changes(database, scan_s=NEVER_S)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def callers(database, changes, issuer, watch, clock):
    keys = IssuerKeys(issuer.url, fetch, clock=clock)
    opened = IssuerCallers(database, changes, keys, watch, issuer=issuer.url, audience=AUDIENCE, limit=5)
    yield opened
    await opened.close()


async def user(database, issuer: Issuer, name: str = "ann", *, subject: str = SUBJECT, **given) -> UserRow:
    row = UserRow(**{"tenant": "default", "name": name} | given)
    await database.write(partial(users.add, row=row))
    await link(database, issuer, row, subject)
    return row


async def link(database, issuer: Issuer, row: UserRow, subject: str) -> None:
    linked = IdentityRow(tenant=row.tenant, user_id=row.id, issuer=issuer.url, subject=subject, author="local")
    await database.write(partial(identities.link, row=linked))


@pytest.mark.parametrize("roles", [[], ["admin"]])
async def test_the_caller_is_the_user_that_is_linked(database, callers, issuer, roles):
    """With what the user may, and with the token, which shows itself nowhere."""
    ann = await user(database, issuer, roles=roles)
    text = issuer.token()
    found = await callers.authenticate(text)

    assert (found.user, found.id, found.tenant, found.admin) == ("ann", ann.id, "default", bool(roles))
    assert found.scopes == ALL_SCOPES
    assert found.bearer is not None
    assert found.bearer.reveal() == text
    assert found.expires is not None
    assert abs(found.expires - now_us() - 600_000_000) < 60_000_000
    assert text not in repr(found)


async def test_the_tenant_is_that_of_the_user(database, callers, issuer):
    """A token says nothing of tenants."""
    await database.write(partial(tenants.add, row=TenantRow(tenant="acme")))
    await user(database, issuer, tenant="acme")

    assert (await callers.authenticate(issuer.token())).tenant == "acme"


async def test_a_token_is_looked_up_once(database, callers, issuer, monkeypatch):
    """Every request brings it. Its signature is not checked anew, nor is anybody asked."""
    await user(database, issuer)
    text = issuer.token()
    first = await callers.authenticate(text)
    issuer.service.asked.clear()
    monkeypatch.setattr(module, "check", None)

    assert await callers.authenticate(text) is first
    assert issuer.fetches == []


async def test_whom_nobody_has_linked_is_refused(database, callers, issuer):
    """An account of the company is not enough. What an administrator needs is said."""
    await user(database, issuer)
    with pytest.raises(IdentityUnknown) as raised:
        await callers.authenticate(issuer.token("eve at the; company"))

    assert raised.value.status == 401
    assert raised.value.hint == "ask an administrator: `jackfield users link NAME --subject 'eve at the; company'`"
    assert len(callers._known) == 0


@pytest.mark.parametrize("change", ["disable", "delete", "unlink", "link another"])
async def test_a_caller_stops_at_once_in_every_process(database, database_url, callers, changes, issuer, change):
    """Whichever process took it away, and however long the token would still be good."""
    ann = await user(database, issuer)
    text = issuer.token()
    await callers.authenticate(text)
    before = changes.version(tenant="default", topic=users.TOPIC)
    other = await open_database(database_url)
    if change == "disable":
        await other.write(partial(users.save, row=replace(ann, disabled=now_us())))
    elif change == "delete":
        await other.write(partial(users.delete, row=ann))
    elif change == "unlink":
        await other.write(partial(identities.unlink, tenant="default", user_id=ann.id, issuer=issuer.url))
    else:
        await link(other, issuer, ann, "another subject")
    await other.close()
    if database.dialect == "sqlite":
        await changes.scan()  # what happens by itself each second
    await asyncio.wait_for(changes.wait_for_change(tenant="default", topic=users.TOPIC, since=before), 10)

    with pytest.raises(UserDisabled if change == "disable" else IdentityUnknown):
        await callers.authenticate(text)


async def test_a_token_that_is_remembered_ends_with_its_time(database, callers, issuer, monkeypatch):
    """No change is announced then."""
    await user(database, issuer)
    text = issuer.token()
    await callers.authenticate(text)
    later = now_us() + 661_000_000
    monkeypatch.setattr(module, "now_us", lambda: later)
    with pytest.raises(IssuerTokenRefused, match="expired"):
        await callers.authenticate(text)

    assert len(callers._known) == 0


async def test_a_key_that_was_taken_back_ends_the_callers_it_has_signed(database, callers, issuer, clock):
    """A remembered token is checked again with the keys that there are now."""
    await user(database, issuer)
    old, text = issuer.keys, issuer.token()
    try:
        await callers.authenticate(text)
        issuer.rotate("second")
        new = issuer.token()
        clock.now += FRESH_S + BETWEEN_S
        await callers.authenticate(new)
        with pytest.raises(IssuerTokenRefused, match="publishes no key"):
            await callers.authenticate(text)
    finally:
        issuer.keys = old


async def test_only_so_many_callers_are_remembered_and_kept_out_of_logs(database, callers, issuer, watch):
    """Tokens are replaced all the time: they must not crowd out secrets."""
    await user(database, issuer)
    texts = [issuer.token(jti=str(number)) for number in range(8)]
    for text in texts:
        await callers.authenticate(text)

    assert len(callers._known) == len(watch) == 5
    assert watch.mask(f"Bearer {texts[-1]}") == "Bearer ********"


async def test_tokens_that_have_ended_are_forgotten_first(database, callers, issuer, watch, monkeypatch):
    """At the next new one, also where there would be room."""
    await user(database, issuer)
    for number in range(3):
        await callers.authenticate(issuer.token(jti=str(number)))
    now = now_us() + 300_000_000
    monkeypatch.setattr(module, "now_us", lambda: now)
    last = issuer.token(exp=now // 1_000_000 + 900)
    await callers.authenticate(last)
    now += 400_000_000
    await callers.authenticate(issuer.token(exp=now // 1_000_000 + 600, iat=None, jti="new"))

    assert len(callers._known) == len(watch) == 2


async def test_strangers_cannot_fill_the_memory(database, callers, issuer, watch):
    """However many tokens they make up."""
    good = issuer.token()
    for number in range(20):
        with pytest.raises(IssuerTokenRefused):
            await callers.authenticate(f"{good.rpartition('.')[0]}.{number:0>342}")

    assert len(callers._known) == len(watch) == 0


async def test_each_kind_of_token_goes_its_own_way(database, callers, issuer):
    """A token of Jackfield is never shown to what knows the issuer's, nor the other way around."""
    asked: list[str] = []

    async def tokens(text: str) -> Principal:
        asked.append(text)
        raise TokenUnknown

    await user(database, issuer)
    authenticate = either(tokens, callers)
    jwt = issuer.token()

    assert (await authenticate(jwt)).user == "ann"
    with pytest.raises(TokenUnknown):
        await authenticate("jf_a.b.c")
    assert asked == ["jf_a.b.c"]
