"""A runtime that keeps what happens in a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from jackfield.access.issuer.callers import IssuerCallers, either
from jackfield.access.tokens import Tokens as Authenticator
from jackfield.app.credential_use import CredentialUse
from jackfield.app.first_token import ensure_admin_token
from jackfield.app.issuer import check_issuer, issuer_callers
from jackfield.app.opening import Opened, Parts
from jackfield.app.store import Store, open_store
from jackfield.app.stored_base import Base, base_of
from jackfield.app.stored_resources import stored_resources
from jackfield.app.token_upkeep import TokenUpkeep
from jackfield.definition.secret import Secret
from jackfield.manage.sessions import Sessions, StoredSessions
from jackfield.registry.seeding import seed
from jackfield.storage.housekeeping import Housekeeping
from jackfield.storage.processes import ProcessKind
from jackfield.vault.records import Records

FIRST_TOKEN = "first token"  # noqa: S105 - under which its text is kept from logs


async def open_stored(parts: Parts, *, kind: ProcessKind) -> Opened:
    """Open the database, and everything that lives in it.

    Raises:
        InvalidSetting: The settings of the issuer do not go together.
        JackfieldError: It cannot be opened; see `app.store.open_store`.
    """
    check_issuer(parts.settings)
    store = await open_store(parts.settings, kind=kind)
    assert store is not None  # noqa: S101 - asked for only where something is kept
    async with AsyncExitStack() as opened:
        opened.push_async_callback(store.close)
        await seed(parts.base, store.database)
        base = base_of(parts, store)
        opened.push_async_callback(base.secrets.close)
        _note_use(base, opened, kind=kind)
        _keep_house(store, opened, kind=kind)
        if kind == "server":
            await store.presence.owner()  # also of a server that only reads: it must be waited for when keys change
        first_token = await _first_token(store) if kind == "server" else None
        resources, pinned = stored_resources(parts, base)
        authenticator = _authenticator(store, opened)
        opened.push_async_callback(base.dispatcher.credentials.oauth.refresher.close)
        opened.push_async_callback(resources.callbacks.close)
        _keep_tokens(base, opened, kind=kind)
        issued = _issued(parts, store, opened)
        return Opened(
            dispatcher=base.dispatcher,
            catalogue=base.catalogue,
            resources=resources,
            authenticate=either(authenticator.authenticate, issued) if issued else authenticator.authenticate,
            pinned=pinned,
            sessions=Sessions(StoredSessions(store.database, authenticator)),
            check=_reachable(store),
            close=opened.pop_all().aclose,
            first_token=first_token,
        )


def _authenticator(store: Store, opened: AsyncExitStack) -> Authenticator:
    """Asked at each call: a token that is revoked ends at once here, and when they hear of it in other processes."""
    authenticator = Authenticator(store.database, store.changes)
    opened.push_async_callback(authenticator.close)
    return authenticator


def _issued(parts: Parts, store: Store, opened: AsyncExitStack) -> IssuerCallers | None:
    """Callers with a token of the company's issuer."""
    issued = issuer_callers(parts.settings, store, pools=parts.pools, policy=parts.policy)
    if issued is not None:
        opened.push_async_callback(issued.close)
    return issued


async def _first_token(store: Store) -> str | None:
    text = await ensure_admin_token(store.database, store.settings)
    if text:  # it is shown to one person, and is for no log
        store.watch.add(Secret(text), owner=FIRST_TOKEN)
    return text


def _reachable(store: Store) -> Callable[[], Awaitable[None]]:
    async def check() -> None:
        await store.database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())

    return check


def _note_use(base: Base, opened: AsyncExitStack, *, kind: ProcessKind) -> None:
    use = CredentialUse(base.credentials)
    if kind != "cli":
        use.start()
    opened.push_async_callback(use.close)


def _keep_house(store: Store, opened: AsyncExitStack, *, kind: ProcessKind) -> None:
    """In processes that live for a while; a command on the command line is over before there is anything to do."""
    if kind == "cli":
        return
    key = (store.ring.primary, store.ring.fingerprint(store.ring.primary))
    days = store.settings.retention_days
    house = Housekeeping(store.database, store.presence, retention_days=days, key=key)
    house.start(at_once=kind == "server")
    opened.push_async_callback(house.close)


def _keep_tokens(base: Base, opened: AsyncExitStack, *, kind: ProcessKind) -> None:
    """In servers: other processes get tokens when a call needs them."""
    if kind != "server":
        return
    store, dispatcher = base.store, base.dispatcher
    records = Records(store.envelope, store.watch)
    upkeep = TokenUpkeep(store.database, dispatcher.commands, dispatcher.credentials, records)
    upkeep.start()
    opened.push_async_callback(upkeep.close)
