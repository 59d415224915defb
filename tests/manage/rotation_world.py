"""Something in every sealed column of a database, and whether it can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, String, select

from jackfield.storage import (
    blobs,
    connectors,
    credentials,
    oauth_grants,
    sealed_values,
    secrets,
    types,
    vault_keys,
)
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.database import Database
from jackfield.storage.journal import INSERT, ExecutionRow, values
from jackfield.storage.oauth_grants import GrantRow
from jackfield.storage.secrets import SecretRow
from jackfield.storage.tables.blobs import blob
from jackfield.storage.tables.catalogue import connector
from jackfield.storage.tables.credentials import connect_link, credential, oauth_app, oauth_flow, oauth_grant
from jackfield.storage.tables.journal import execution
from jackfield.storage.tables.vault import sealed_value, secret
from jackfield.storage.types import TypeRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.installation import context as installation_context
from jackfield.vault.keys import KeyRing
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.sealed import SealContext
from jackfield.vault.stored_secrets import context as secret_context

OLD_KEY, NEW_KEY = ("old", bytes(range(32))), ("new", bytes(range(100, 132)))
OLD, BOTH, NEW = KeyRing([OLD_KEY]), KeyRing([NEW_KEY, OLD_KEY]), KeyRing([NEW_KEY])
TENANT = "default"


def fill(connection: Connection, *, ring: KeyRing = OLD, count: int = 3, prefix: str = "") -> None:
    """`count` values in each column, each of which says what it is; and the fingerprint of the key."""
    envelope = Envelope(ring)
    log = LogSealer(envelope)
    vault_keys.add(connection, id=ring.primary, fingerprint=ring.fingerprint(ring.primary))
    kind = TypeRow(tenant=TENANT, name=f"{prefix}acme", model="http", version="1.0.0")
    types.add(connection, kind, {})
    for number in range(count):
        name = f"{prefix}{number}"
        row = SecretRow(tenant=TENANT, name=f"S{name}", sealed=b"")
        sealed = envelope.seal(f"secret {row.id}".encode(), secret_context(row))
        secrets.add(connection, replace(row, sealed=sealed))
        _connector(connection, envelope, kind, f"c{name}")
        context = installation_context(tenant=TENANT, name=f"v{name}")
        sealed = envelope.seal(f"sealed-value v{name}".encode(), context)
        sealed_values.put_if_absent(connection, tenant=TENANT, name=f"v{name}", sealed=sealed)
        _execution(connection, log, f"e{name}", in_blob=bool(number % 2))


def opened(connection: Connection, ring: KeyRing) -> Iterator[tuple[str, str]]:
    """What every value of the database says, and what it should say. Walks the tables by itself, as readers do."""
    envelope = Envelope(ring)

    def read(sealed: bytes, kind: str, id: str, version: int = 0) -> tuple[str, str]:
        context = SealContext(tenant=TENANT, kind=kind, id=id, version=version)
        return envelope.open(sealed, context).decode(), f"{kind} {id}"

    for row in connection.execute(select(secret)):
        yield read(row.sealed, "secret", row.id, row.revision)
    for row in connection.execute(select(connector)):
        version = row.revision - (row.deleted is not None)
        yield read(row.sealed, "connector", row.id, version)
    for row in connection.execute(select(credential)):
        yield read(row.sealed, "credential", row.id, row.revision)
    for kind, name, version, sealed in _oauth_in(connection):
        yield read(sealed, kind, name, version)
    for row in connection.execute(select(sealed_value)):
        yield read(row.sealed, "sealed-value", row.name)
    for row in connection.execute(select(execution)):
        yield read(row.params, "execution.params", row.id)
        sealed = row.outcome if row.blob_id is None else blobs.get(connection, tenant=TENANT, name=row.blob_id)
        yield read(sealed, "execution.outcome", row.id)
    for row in connection.execute(select(blob)):
        assert blobs.name_of(row.content) == row.hash


def _oauth_in(connection: Connection) -> Iterator[tuple[str, str, int, bytes]]:
    for row in connection.execute(select(oauth_grant)):
        yield "oauth-grant", row.holder, row.generation, row.sealed
    for row in connection.execute(select(oauth_app)):
        yield "oauth-app", row.id, row.revision, row.sealed
    for table, kind in ((oauth_flow, "oauth-flow"), (connect_link, "connect-link")):
        for row in connection.execute(select(table)):
            yield kind, row.id, 0, row.sealed


async def check(database: Database, ring: KeyRing) -> int:
    """Whether `ring` reads every value; how many there are."""
    found = await database.read(lambda connection: list(opened(connection, ring)))
    assert [said for said, _ in found] == [meant for _, meant in found]
    return len(found)


def _connector(connection: Connection, envelope: Envelope, kind: TypeRow, name: str) -> None:
    row = ConnectorRow(tenant=TENANT, namespace="default", name=name, type_id=kind.id, type_version="1.0.0")
    context = SealContext(tenant=TENANT, kind="connector", id=row.id, version=row.revision)
    connectors.add(connection, replace(row, sealed=envelope.seal(f"connector {row.id}".encode(), context)))
    kept = CredentialRow(tenant=TENANT, connector_id=row.id, name="main", author="local")
    context = SealContext(tenant=TENANT, kind="credential", id=kept.id, version=1)
    credentials.add(connection, replace(kept, sealed=envelope.seal(f"credential {kept.id}".encode(), context)))
    _of_oauth(connection, envelope, kept.id)
    if name.endswith("0"):
        connectors.delete(connection, connectors.get(connection, tenant=TENANT, id=row.id))


def _of_oauth(connection: Connection, envelope: Envelope, credential_id: str) -> None:
    context = SealContext(tenant=TENANT, kind="oauth-grant", id=credential_id, version=1)
    sealed = envelope.seal(f"oauth-grant {credential_id}".encode(), context)
    grant = GrantRow(tenant=TENANT, holder=credential_id, sealed=sealed)
    oauth_grants.put(connection, grant, lives_us=None, after=0)
    kinds = ((oauth_flow, "oauth-flow", 0), (connect_link, "connect-link", 0), (oauth_app, "oauth-app", 1))
    for table, kind, version in kinds:
        own = f"{kind} of {credential_id}"
        context = SealContext(tenant=TENANT, kind=kind, id=own, version=version)
        texts = {column.name: own for column in table.columns if isinstance(column.type, String)}
        numbers = {name: 1 for name in ("created", "updated", "revision", "expires", "interval_s") if name in table.c}
        objects = {name: {} for name in ("asked", "shown") if name in table.c}
        values = (
            texts | numbers | objects | {"tenant": TENANT, "sealed": envelope.seal(f"{kind} {own}".encode(), context)}
        )
        connection.execute(table.insert().values(**values))


def _execution(connection: Connection, log: LogSealer, id: str, *, in_blob: bool) -> None:
    def sealed(kind: str) -> bytes:
        context = SealContext(tenant=TENANT, kind=f"execution.{kind}", id=id)
        return log.seal(f"execution.{kind} {id}".encode(), context)

    outcome = sealed("outcome")
    row = ExecutionRow(
        id=id,
        tenant=TENANT,
        connector="acme",
        command="list",
        version="1.0.0",
        model="http",
        caller="local",
        trigger="api",
        status="COMPLETED",
        started=1,
        ended=2,
        params=sealed("params"),
        outcome=None if in_blob else outcome,
        blob_id=blobs.put(connection, tenant=TENANT, content=outcome) if in_blob else None,
    )
    INSERT.run(connection, [values(row)])
