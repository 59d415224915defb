"""Every place of the database that holds sealed values: the one list of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Table,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from jackfield.storage import blobs
from jackfield.storage.tables.blobs import blob
from jackfield.storage.tables.catalogue import connector
from jackfield.storage.tables.credentials import connect_link, credential, oauth_app, oauth_flow, oauth_grant
from jackfield.storage.tables.drafts import draft
from jackfield.storage.tables.journal import execution
from jackfield.storage.tables.vault import sealed_value, secret
from jackfield.vault import sealed as form
from jackfield.vault.rotation import Rewrapped, SealedRow
from jackfield.vault.sealed import SealContext

UNREADABLE = ""
"""In the place of a key's id: of what is nothing that was sealed."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A sealed value, and where it stands: `place` sorts the rows of a table."""

    place: tuple[Any, ...]
    row: SealedRow


@dataclass(frozen=True, kw_only=True)
class SealedColumn:
    """One column, and the `SealContext` of its values.

    Attributes:
        id, version: The columns that name a row in its context; no `version` is always 0.
        at_once: Rows of a slice. All are in memory at once.
    """

    column: Column[Any]
    kind: str
    id: Column[Any]
    version: ColumnElement[Any] | None = None
    at_once: int = 100

    @property
    def name(self) -> str:
        """Such as `secret.sealed`."""
        return f"{self.column.table.name}.{self.column.name}"

    def other_than(
        self, connection: Connection, key: str, *, after: tuple[Any, ...] | None = None, limit: int | None = None
    ) -> list[Found]:
        """Values that another key than `key` has wrapped, in the order of their places, beyond `after`."""
        place = list(self._table.primary_key.columns)
        version = literal(0, Integer) if self.version is None else self.version
        statement = select(*place, self._table.c.tenant, self.id, version, self.column)
        statement = statement.select_from(self._source).where(self.column.is_not(None), ~self._is_under(key))
        if after is not None:
            statement = statement.where(tuple_(*place) > tuple_(*after) if len(place) > 1 else place[0] > after[0])
        rows = connection.execute(statement.order_by(*place).limit(limit or self.at_once)).all()
        return [self._found(tuple(row), len(place)) for row in rows]

    def write(self, connection: Connection, changed: Sequence[tuple[tuple[Any, ...], Rewrapped]]) -> None:
        """Write what was rewrapped, each only where the row still holds what it held: a value saved meanwhile wins."""
        table, names = self._table, [column.name for column in self._table.primary_key.columns]
        same = [table.c[name] == bindparam(f"at_{name}") for name in names]
        statement = (
            update(table)
            .where(*same, table.c.tenant == bindparam("of_tenant"), self.column == bindparam("was"))
            .values({self.column: bindparam("now")})
        )
        rows = [
            {f"at_{name}": value for name, value in zip(names, place, strict=True)}
            | {"of_tenant": row.context.tenant, "was": row.before, "now": row.sealed}
            for place, row in changed
        ]
        connection.execute(statement, rows)

    def count(self, connection: Connection, keys: Iterable[str]) -> dict[str, int]:
        """How many values each key has wrapped; `keys` are those to expect, others are found too."""
        wanted = list(dict.fromkeys(keys))
        while True:
            sums = [func.coalesce(func.sum(case((self._is_under(key), 1), else_=0)), 0) for key in wanted]
            statement = select(func.count(), *sums).select_from(self._source).where(self.column.is_not(None))
            total, *each = connection.execute(statement).one()
            counted = dict(zip(wanted, map(int, each), strict=True))
            if not (left := total - sum(counted.values())):
                return counted
            if not (another := self._another(connection, wanted)) or another in wanted:
                return counted | {UNREADABLE: left}
            wanted.append(another)

    @property
    def _table(self) -> Any:
        return self.column.table

    @property
    def _source(self) -> FromClause:
        return self._table  # type: ignore[no-any-return]

    def _found(self, row: tuple[Any, ...], places: int) -> Found:
        tenant, name, version, sealed = row[places:]
        context = SealContext(tenant=tenant, kind=self.kind, id=name, version=version)
        return Found(place=row[:places], row=SealedRow(context=context, sealed=bytes(sealed)))

    def _is_under(self, key: str) -> ColumnElement[bool]:
        """Whether `key` has wrapped it, told by how it begins: whole values need not be read for that."""
        heads = [form.head(scope, key) for scope in (form.OWN, form.SHARED)]
        return or_(*(func.substr(self.column, 1, len(head)) == head for head in heads))

    def _another(self, connection: Connection, known: Sequence[str]) -> str:
        """The id of one more key, if any; `UNREADABLE` where something else stands."""
        beginning = func.substr(self.column, 1, form.HEAD_BYTES)
        unknown = [self.column.is_not(None), *(~self._is_under(key) for key in known)]
        found = connection.scalar(select(beginning).select_from(self._source).where(*unknown).limit(1))
        return form.key_of_head(bytes(found or b"")) or UNREADABLE


@dataclass(frozen=True, kw_only=True)
class SealedBlobs(SealedColumn):
    """Outcomes too large for their row. Their name is the hash of what they hold, so a rewrapped one is another."""

    at_once: int = 2

    def write(self, connection: Connection, changed: Sequence[tuple[tuple[Any, ...], Rewrapped]]) -> None:
        """Put new blobs, and name them in the executions that named the old ones.

        The old ones stay for whoever has read their name and not yet them; they are swept up later.
        """
        for _, row in changed:
            tenant, name = row.context.tenant, row.context.id
            new = blobs.put(connection, tenant=tenant, content=row.sealed)
            same = (
                execution.c.tenant == tenant,
                execution.c.id == name,
                execution.c.blob_id == blobs.name_of(row.before),
            )
            connection.execute(update(execution).where(*same).values(blob_id=new))

    @property
    def _table(self) -> Any:
        return execution

    @property
    def _source(self) -> FromClause:
        return execution.join(blob, (blob.c.tenant == execution.c.tenant) & (blob.c.hash == execution.c.blob_id))


def _sealed_version(table: Table) -> ColumnElement[Any]:
    """The revision that the values of `table` were sealed for: deleting a row raises it, and seals nothing."""
    return case((table.c.deleted.is_not(None), table.c.revision - 1), else_=table.c.revision)


SEALED: tuple[SealedColumn, ...] = (
    SealedColumn(column=sealed_value.c.sealed, kind="sealed-value", id=sealed_value.c.name),
    SealedColumn(column=secret.c.sealed, kind="secret", id=secret.c.id, version=secret.c.revision),
    SealedColumn(column=credential.c.sealed, kind="credential", id=credential.c.id, version=credential.c.revision),
    SealedColumn(
        column=oauth_grant.c.sealed, kind="oauth-grant", id=oauth_grant.c.holder, version=oauth_grant.c.generation
    ),
    SealedColumn(column=oauth_flow.c.sealed, kind="oauth-flow", id=oauth_flow.c.id),
    SealedColumn(column=connect_link.c.sealed, kind="connect-link", id=connect_link.c.id),
    SealedColumn(column=oauth_app.c.sealed, kind="oauth-app", id=oauth_app.c.id, version=oauth_app.c.revision),
    SealedColumn(column=connector.c.sealed, kind="connector", id=connector.c.id, version=_sealed_version(connector)),
    SealedColumn(column=draft.c.sealed, kind="draft", id=draft.c.id, version=draft.c.revision, at_once=4),
    SealedColumn(column=execution.c.params, kind="execution.params", id=execution.c.id),
    SealedColumn(column=execution.c.outcome, kind="execution.outcome", id=execution.c.id),
    SealedBlobs(column=blob.c.content, kind="execution.outcome", id=execution.c.id),
)


def count_by_key(
    connection: Connection, keys: Iterable[str], columns: Sequence[SealedColumn] = SEALED
) -> dict[str, int]:
    """How many values of the whole database each key has wrapped; `keys` are those to expect."""

    def add(sums: dict[str, int], column: SealedColumn) -> dict[str, int]:
        found = column.count(connection, [key for key in sums if key != UNREADABLE])
        return {key: sums.get(key, 0) + found.get(key, 0) for key in {**sums, **found}}

    return reduce(add, columns, dict.fromkeys(keys, 0))
