"""What everything is built on that a database keeps: the catalogue, the record, and what makes calls."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.access.errors import Denied
from jackfield.access.principal import Principal
from jackfield.app.opening import Parts
from jackfield.app.store import Store
from jackfield.dispatch.durable_journal import DurableJournal
from jackfield.dispatch.ready import ReadyCommands
from jackfield.dispatch.record import OnDenied
from jackfield.dispatch.run import Dispatcher
from jackfield.manage.denied import record_denial
from jackfield.registry.connection import StoredConnections
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.stored import StoredCatalogue
from jackfield.registry.versions import Versions
from jackfield.vault.backends import LayeredSecrets
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.records import Records
from jackfield.vault.stored_secrets import StoredSecrets


@dataclass(frozen=True, kw_only=True)
class Base:
    """The parts that others share.

    Attributes:
        versions: Of definitions that were read; shared, so that none is read twice.
    """

    store: Store
    versions: Versions
    catalogue: StoredCatalogue
    sealer: ConnectionSealer
    journal: DurableJournal
    dispatcher: Dispatcher


def base_of(parts: Parts, store: Store) -> Base:
    """The base of a runtime on `store`."""
    environment = parts.environment
    store.watch.add(*parts.secrets, *environment)
    versions = Versions()
    catalogue = StoredCatalogue(parts.base, store.database, store.changes, parts.check_again, versions)
    sealer = ConnectionSealer(Records(store.envelope, store.watch))
    secrets = StoredSecrets(store.database, store.changes, store.envelope, store.watch)
    journal = DurableJournal(store.database, LogSealer(store.envelope), store.presence, params_key=store.params_key)
    commands = ReadyCommands(
        catalogue,
        parts.policy,
        StoredConnections(sealer),
        watch=store.watch,
        mock_everywhere=parts.settings.mock,
        models=parts.models,
    )
    dispatcher = Dispatcher(
        commands=commands,
        models=parts.models,
        secrets=LayeredSecrets([parts.secrets, secrets, environment]),
        pools=parts.pools,
        journal=journal,
        on_denied=_audited(store),
    )
    return Base(
        store=store, versions=versions, catalogue=catalogue, sealer=sealer, journal=journal, dispatcher=dispatcher
    )


def _audited(store: Store) -> OnDenied:
    async def keep(principal: Principal, connector: str, error: Denied) -> None:
        what = {"action": "connector.call", "resource": "connector", "resource_id": connector}
        await record_denial(store.database, principal, error, **what)

    return keep
