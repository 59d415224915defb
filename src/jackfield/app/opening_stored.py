"""A runtime that keeps what happens in a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

from jackfield.access.errors import Denied
from jackfield.access.principal import Principal
from jackfield.access.tokens import Tokens as Authenticator
from jackfield.app.authoring import authoring_of
from jackfield.app.first_token import ensure_admin_token
from jackfield.app.opening import Opened, Parts
from jackfield.app.store import Store, open_store
from jackfield.app.telling import settings_shown
from jackfield.app.tooling import toolbox_of
from jackfield.definition.secret import Secret
from jackfield.dispatch.durable_journal import DurableJournal
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.record import OnDenied
from jackfield.dispatch.run import Dispatcher
from jackfield.dispatch.trial import try_out
from jackfield.manage.audit import AuditLog
from jackfield.manage.connection_tests import ConnectionTests
from jackfield.manage.connector_new import Fill
from jackfield.manage.connectors import Connectors
from jackfield.manage.denied import record_denial
from jackfield.manage.draft_vault import DraftVault
from jackfield.manage.drafts import Drafts
from jackfield.manage.executions import Executions
from jackfield.manage.gateways import Gateways
from jackfield.manage.imports import Imports
from jackfield.manage.keys import Keys
from jackfield.manage.resources import Resources, Stored
from jackfield.manage.secrets import Secrets
from jackfield.manage.sessions import Sessions, StoredSessions
from jackfield.manage.tokens import Tokens
from jackfield.manage.tools import Tools
from jackfield.manage.trials import Trials, describes
from jackfield.manage.types import Types
from jackfield.manage.types_behind import TypesBehind
from jackfield.manage.upstream_pins import Pins
from jackfield.manage.upstreams import Listing, Upstreams
from jackfield.manage.users import Users
from jackfield.registry.connection import StoredConnections
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.seeding import seed
from jackfield.registry.stored import StoredCatalogue
from jackfield.registry.versions import Versions
from jackfield.storage.housekeeping import Housekeeping
from jackfield.storage.processes import ProcessKind
from jackfield.vault.backends import LayeredSecrets
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.records import Records
from jackfield.vault.stored_secrets import StoredSecrets

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
        environment = parts.environment
        store.watch.add(*parts.secrets, *environment)
        versions = Versions()
        catalogue = StoredCatalogue(parts.base, store.database, store.changes, parts.check_again, versions)
        sealer = ConnectionSealer(Records(store.envelope, store.watch))
        secrets = StoredSecrets(store.database, store.changes, store.envelope, store.watch)
        journal = DurableJournal(store.database, LogSealer(store.envelope), store.presence, params_key=store.params_key)
        dispatcher = Dispatcher(
            commands=ReadyCommands(
                catalogue,
                parts.policy,
                StoredConnections(sealer),
                watch=store.watch,
                mock_everywhere=parts.settings.mock,
                models=parts.models,
            ),
            models=parts.models,
            secrets=LayeredSecrets([parts.secrets, secrets, environment]),
            pools=parts.pools,
            journal=journal,
            on_denied=_audited(store),
        )
        _keep_house(store, opened, kind=kind)
        if kind == "server":
            await store.presence.owner()  # also of a server that only reads: it must be waited for when keys change
        first_token = await _first_token(store) if kind == "server" else None
        drafts = DraftVault(store.database, store.envelope, store.watch)
        tried = partial(try_out, dispatcher)
        described = describes(Trials(tried, catalogue, parts.check, fill=drafts.filled, database=store.database))
        pins = Pins(described, Listing(tried), fill=drafts.filled)
        stored = _resources(parts, store, sealer, versions, drafts, catalogue, fill=pins.filled)
        behind = TypesBehind(store.database, parts.base, sealer, parts.check, versions)
        authenticator = _authenticator(store, opened)
        tests = ConnectionTests(dispatcher.run, catalogue, stored.connectors.record_test)
        imports = Imports(parts.fetch, types=behind)
        trials = Trials(tried, catalogue, parts.check, fill=pins.filled, database=store.database)
        return Opened(
            dispatcher=dispatcher,
            catalogue=catalogue,
            resources=Resources(
                executions=Executions(journal, store.database),
                tests=tests,
                imports=imports,
                settings=settings_shown(parts, catalogue, store.database),
                trials=trials,
                upstreams=Upstreams(Listing(tried), catalogue, behind),
                tools=Tools(toolbox_of(dispatcher, catalogue, journal, parts.settings.embedding), store.database),
                authoring=authoring_of(
                    parts,
                    dispatcher,
                    catalogue,
                    store.watch,
                    imports=imports,
                    tests=tests,
                    trials=trials,
                    connectors=stored.connectors,
                ),
                _stored=stored,
            ),
            authenticate=authenticator.authenticate,
            pinned=pins.filled,
            sessions=Sessions(StoredSessions(store.database, authenticator)),
            check=_reachable(store),
            close=opened.pop_all().aclose,
            first_token=first_token,
        )


def _resources(
    parts: Parts,
    store: Store,
    sealer: ConnectionSealer,
    versions: Versions,
    drafts: DraftVault,
    catalogue: StoredCatalogue,
    *,
    fill: Fill,
) -> Stored:
    database = store.database
    return Stored(
        secrets=Secrets(database, store.envelope, store.watch),
        users=Users(database),
        tokens=Tokens(database),
        connectors=Connectors(database, parts.base, sealer, parts.check, versions, fill=fill),
        drafts=Drafts(database, drafts),
        types=Types(database, parts.base, parts.check, versions, models=parts.models),
        keys=Keys(database, store.ring, file=store.keys.file),
        audit=AuditLog(database),
        gateways=Gateways(database, catalogue, store.changes),
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


def _audited(store: Store) -> OnDenied:
    async def keep(principal: Principal, connector: str, error: Denied) -> None:
        what = {"action": "connector.call", "resource": "connector", "resource_id": connector}
        await record_denial(store.database, principal, error, **what)

    return keep
