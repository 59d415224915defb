"""Platform apps that an administrator has put in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from jackfield.credentials.oauth.app import App
from jackfield.definition.names import folded
from jackfield.definition.secret import Secret
from jackfield.storage import oauth_apps
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.database import Database
from jackfield.storage.oauth_apps import AppRow
from jackfield.vault.records import Record, Records
from jackfield.vault.sealed import SealContext

SECRET = "clientSecret"  # noqa: S105 - the name of a field


class StoredApps:
    """An `Apps` on a database. Rows are read once for each tenant, and again when one has changed."""

    def __init__(self, database: Database, changes: Changes, records: Records) -> None:
        self._database = database
        self._changes = changes
        self._records = records
        self._kept: dict[str, tuple[int, Mapping[str, AppRow]]] = {}
        self._opened: dict[tuple[str, str, int], App] = {}

    async def find(self, type_name: str, *, tenant: str, token_url: str) -> App | None:
        """The app for that type, if it was put in for that very endpoint."""
        row = (await self._of(tenant)).get(folded(type_name))
        if row is None or row.token_url != token_url:
            return None
        key = (tenant, row.id, row.revision)
        if (found := self._opened.get(key)) is None:
            found = self._opened[key] = opened_app(row, self._records)
        return found

    async def _of(self, tenant: str) -> Mapping[str, AppRow]:
        kept = self._kept.get(tenant)
        if kept is not None and kept[0] >= self._changes.version(tenant=tenant, topic=oauth_apps.TOPIC):
            return kept[1]

        def work(connection: Connection) -> tuple[list[AppRow], int]:
            version = version_in(connection, tenant=tenant, topic=oauth_apps.TOPIC)
            return oauth_apps.every(connection, tenant=tenant), version

        found, version = await self._database.read(work)
        apps = {row.name_folded: row for row in found}
        self._kept[tenant] = (version, apps)
        self._opened = {key: app for key, app in self._opened.items() if key[0] != tenant}
        return apps


def opened_app(row: AppRow, records: Records) -> App:
    """An app with its secret.

    Raises:
        Undecryptable: It cannot be read.
    """
    secret = records.open(Record(shown=row.shown, sealed=row.sealed), app_context(row)).get(SECRET)
    return App(
        client_id=row.client_id,
        secret=secret if isinstance(secret, Secret) else None,
        redirect_uri=row.redirect_uri,
        place="the settings",
    )


def app_context(row: AppRow) -> SealContext:
    """Where the secret of `row` belongs."""
    return SealContext(tenant=row.tenant, kind="oauth-app", id=row.id, version=row.revision, name=row.name)
