"""A runtime that keeps what happens in a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from jackfield.access.tokens import Tokens as Authenticator
from jackfield.app.first_token import ensure_admin_token
from jackfield.app.opening import Opened, Parts
from jackfield.app.store import Store, open_store
from jackfield.app.stored_base import base_of
from jackfield.app.stored_resources import stored_resources
from jackfield.definition.secret import Secret
from jackfield.manage.sessions import Sessions, StoredSessions
from jackfield.registry.seeding import seed
from jackfield.storage.housekeeping import Housekeeping
from jackfield.storage.processes import ProcessKind

FIRST_TOKEN = "first token"  # noqa: S105 - under which its text is kept from logs


async def open_stored(parts: Parts, *, kind: ProcessKind) -> Opened:
    """Open the database, and everything that lives in it.

    Raises:
        JackfieldError: It cannot be opened; see `app.store.open_store`.
    """
    store = await open_store(parts.settings, kind=kind)
    assert store is not None  # noqa: S101 - asked for only where something is kept
    async with AsyncExitStack() as opened:
        opened.push_async_callback(store.close)
        await seed(parts.base, store.database)
        base = base_of(parts, store)
        _keep_house(store, opened, kind=kind)
        if kind == "server":
            await store.presence.owner()  # also of a server that only reads: it must be waited for when keys change
        first_token = await _first_token(store) if kind == "server" else None
        resources, pinned = stored_resources(parts, base)
        authenticator = _authenticator(store, opened)
        return Opened(
            dispatcher=base.dispatcher,
            catalogue=base.catalogue,
            resources=resources,
            authenticate=authenticator.authenticate,
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


async def _first_token(store: Store) -> str | None:
    text = await ensure_admin_token(store.database, store.settings)
    if text:  # it is shown to one person, and is for no log
        store.watch.add(Secret(text), owner=FIRST_TOKEN)
    return text


def _reachable(store: Store) -> Callable[[], Awaitable[None]]:
    async def check() -> None:
        await store.database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())

    return check


def _keep_house(store: Store, opened: AsyncExitStack, *, kind: ProcessKind) -> None:
    """In processes that live for a while; a command on the command line is over before there is anything to do."""
    if kind == "cli":
        return
    key = (store.ring.primary, store.ring.fingerprint(store.ring.primary))
    days = store.settings.retention_days
    house = Housekeeping(store.database, store.presence, retention_days=days, key=key)
    house.start(at_once=kind == "server")
    opened.push_async_callback(house.close)
