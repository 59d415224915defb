"""The database of this process with its keys, ready to be used."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection

from jackfield.access.principal import LOCAL
from jackfield.app.keys import FILE_SETTING, KeySource, database_file, key_source, load_keys
from jackfield.definition.secret import Secret
from jackfield.settings import SECRET, Settings
from jackfield.storage import sealed_values, users, vault_keys
from jackfield.storage.changes import Changes
from jackfield.storage.database import Database, open_database
from jackfield.storage.inspection import inspect
from jackfield.storage.presence import Presence
from jackfield.storage.processes import ProcessKind
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.users import UserRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import MissingKey
from jackfield.vault.installation import PARAMS_KEY, context
from jackfield.vault.keys import KEY_BYTES, SETTING, KeyRing, parse_keys, require_keys
from jackfield.vault.log_filter import mask_all_logs
from jackfield.vault.watch import SecretWatch
from jackfield.version import __version__

ADMIN = "admin"
OWNER_OF_SETTINGS = "settings"

_PARAMS_KEY = context(tenant=EVERYBODY, name=PARAMS_KEY)


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is kept, and what reads it; made by `open_store`.

    Attributes:
        changes: Follows what other processes change.
        ring: All keys. `envelope` encrypts with the first.
        keys: Where they came from.
        watch: Knows every secret that this process has decrypted; all logs are masked with it.
        presence: This process among those that use the database.
        params_key: Of `storage.journal_keys.params_hash`; the same in every process on this database.
    """

    settings: Settings
    database: Database
    changes: Changes
    ring: KeyRing
    keys: KeySource
    envelope: Envelope
    watch: SecretWatch
    presence: Presence
    params_key: bytes = field(repr=False)
    _opened: AsyncExitStack = field(repr=False)

    async def close(self) -> None:
        """Write what was taken, leave the list of processes, and let go of everything. Once is enough."""
        await self._opened.aclose()


async def open_store(settings: Settings, *, kind: ProcessKind) -> Store | None:
    """The store that `settings` describe; `None` where nothing is kept.

    The first time, it makes the database and, where it may, the key file; later opens only read. Nothing is left
    open when it fails.

    Args:
        kind: What this process is to the others.

    Raises:
        MissingKey, WrongKey: What is kept cannot be read with the keys that are there, or there are none.
        InvalidKey, KeyFileExposed, KeyFileUnusable: A key cannot be used.
        DatabaseUnavailable, DatabaseReadOnly, SchemaTooNew: The database cannot.
    """
    if settings.keeps_nothing:
        return None
    await _require_source(settings)
    async with AsyncExitStack() as opened:
        watch = SecretWatch()
        opened.callback(mask_all_logs(watch))
        _watch_settings(watch, settings)
        database = await open_database(settings.database)
        opened.push_async_callback(database.close)
        found = await database.read(_look)
        ring, keys = await asyncio.to_thread(load_keys, settings, known=found.keys)
        require_keys(ring, found.keys, searched=keys.searched)
        envelope = Envelope(ring)
        sealed = found.params_key
        if sealed is None or ring.primary not in found.keys or not found.has_user:
            new = envelope.seal(os.urandom(KEY_BYTES), _PARAMS_KEY)
            sealed = await database.write(partial(_settle, ring=ring, searched=keys.searched, params_key=new))
        changes = Changes(database)
        await changes.start()
        opened.push_async_callback(changes.close)
        presence = Presence(database, kind=kind, version=__version__)
        opened.push_async_callback(presence.close)
        return Store(
            settings=settings,
            database=database,
            changes=changes,
            ring=ring,
            keys=keys,
            envelope=envelope,
            watch=watch,
            presence=presence,
            params_key=envelope.open(sealed, _PARAMS_KEY),
            _opened=opened.pop_all(),
        )


async def _require_source(settings: Settings) -> None:
    """Refuse what is known to be wrong before a database is made or changed.

    Raises:
        MissingKey: There is no place for a key.
        InvalidKey: The one in `JACKFIELD_KEY` is badly written.
    """
    if key_source(settings) is None:
        file = database_file(settings)
        seen = None if file is not None and not file.exists() else await inspect(settings.database)
        known = seen.contents.keys if seen and seen.contents else {}
        raise MissingKey(keys=list(known), searched=[SETTING, FILE_SETTING])
    if settings.key:
        parse_keys(settings.key)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What is in the database already.

    Attributes:
        keys: Fingerprints of the keys that have encrypted anything, by id.
    """

    keys: dict[str, str]
    params_key: bytes | None
    has_user: bool


def _look(connection: Connection) -> _Found:
    return _Found(
        keys=vault_keys.known(connection),
        params_key=sealed_values.get(connection, tenant=EVERYBODY, name=PARAMS_KEY),
        has_user=users.get(connection, tenant=LOCAL.tenant, id=LOCAL.id) is not None,
    )


def _settle(connection: Connection, *, ring: KeyRing, searched: list[str], params_key: bytes) -> bytes:
    """Say which key encrypts, and make what is not there; the params key that is kept.

    In one transaction, one process after the other: of two that start with different keys, the second must learn
    that it could not read what the first encrypts.
    """
    vault_keys.lock(connection)
    require_keys(ring, vault_keys.known(connection), searched=searched)
    vault_keys.add(connection, id=ring.primary, fingerprint=ring.fingerprint(ring.primary))
    if users.get(connection, tenant=LOCAL.tenant, id=LOCAL.id) is None:
        users.add(connection, UserRow(tenant=LOCAL.tenant, id=LOCAL.id, name=LOCAL.user, roles=[ADMIN]))
    return sealed_values.put_if_absent(connection, tenant=EVERYBODY, name=PARAMS_KEY, sealed=params_key)


def _watch_settings(watch: SecretWatch, settings: Settings) -> None:
    """Keep the settings that are secret out of the logs, too."""
    encoded = [entry.partition(":")[2].strip() for entry in settings.key.replace("\n", ",").split(",")]
    values = [*encoded, *(getattr(settings, name) for name in SECRET - {"key"})]
    watch.add(*(Secret(value) for value in values if value), owner=OWNER_OF_SETTINGS)
