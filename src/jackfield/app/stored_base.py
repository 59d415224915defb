"""What everything is built on that a database keeps: the catalogue, the record, and what makes calls."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.access.errors import Denied
from jackfield.access.principal import Principal
from jackfield.app.credentials import credentials_of
from jackfield.app.issuer import token_hosts
from jackfield.app.opening import Parts
from jackfield.app.secret_backends import secrets_of
from jackfield.app.store import Store
from jackfield.credentials.oauth.stored_apps import StoredApps
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.stored import StoredCredentials
from jackfield.dispatch.durable_journal import DurableJournal
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.record import OnDenied
from jackfield.dispatch.run import Dispatcher
from jackfield.manage.denied import record_denial
from jackfield.registry.connection import StoredConnections
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.stored import StoredCatalogue
from jackfield.registry.versions import Versions
from jackfield.vault.backends.layered import LayeredSecrets
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.records import Records
from jackfield.vault.stored_secrets import StoredSecrets


@dataclass(frozen=True, kw_only=True)
class Base:
    """The parts that others share.

    Attributes:
        versions: Of definitions that were read; shared, so that none is read twice.
        apps: Those of the settings screen.
    """

    store: Store
    versions: Versions
    catalogue: StoredCatalogue
    sealer: ConnectionSealer
    records: Records
    grants: StoredGrants
    credentials: StoredCredentials
    secrets: LayeredSecrets
    journal: DurableJournal
    dispatcher: Dispatcher
    apps: StoredApps


def base_of(parts: Parts, store: Store) -> Base:
    """The base of a runtime on `store`."""
    versions = Versions()
    catalogue = StoredCatalogue(parts.base, store.database, store.changes, parts.check_again, versions)
    records = Records(store.envelope, store.watch)
    sealer = ConnectionSealer(records)
    kept = StoredSecrets(store.database, store.changes, store.envelope, store.watch)
    secrets = secrets_of(parts.settings, parts.secrets, store.watch, kept=kept)
    journal = DurableJournal(store.database, LogSealer(store.envelope), store.presence, params_key=store.params_key)
    commands = ReadyCommands(
        catalogue,
        parts.policy,
        StoredConnections(sealer),
        watch=store.watch,
        mock_everywhere=parts.settings.mock,
        models=parts.models,
        token_hosts=token_hosts(parts.settings),
    )
    grants = StoredGrants(store.database, store.changes, store.envelope, store.watch)
    apps = StoredApps(store.database, store.changes, records)
    credentials = StoredCredentials(store.database, store.changes, records)
    dispatcher = Dispatcher(
        commands=commands,
        models=parts.models,
        credentials=credentials_of(parts, secrets, grants, credentials=credentials, apps=apps),
        pools=parts.pools,
        journal=journal,
        on_denied=_audited(store),
    )
    return Base(
        store=store,
        versions=versions,
        catalogue=catalogue,
        sealer=sealer,
        records=records,
        grants=grants,
        credentials=credentials,
        secrets=secrets,
        journal=journal,
        dispatcher=dispatcher,
        apps=apps,
    )


def _audited(store: Store) -> OnDenied:
    async def keep(principal: Principal, connector: str, error: Denied) -> None:
        what = {"action": "connector.call", "resource": "connector", "resource_id": connector}
        await record_denial(store.database, principal, error, **what)

    return keep
