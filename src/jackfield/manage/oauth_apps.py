"""Platform apps: the clients that the installation has at services. Only administrators see them and put them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.credentials.oauth.apps import EnvironmentApps
from jackfield.credentials.oauth.stored_apps import SECRET, app_context
from jackfield.definition.auth import canonical
from jackfield.definition.auth.oauth2 import url_problem
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.secret import MASK, Secret
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.errors import UnknownOAuthApp
from jackfield.manage.oauth_app_views import OAuthAppInfo
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.registry.errors import UnknownType
from jackfield.storage import oauth_apps, users
from jackfield.storage.database import Database
from jackfield.storage.oauth_apps import AppRow
from jackfield.vault.records import Record, Records

MAX_TEXT = 2_000


class OAuthApps:
    """Puts, lists and deletes them. No secret ever comes out."""

    def __init__(
        self, database: Database, catalogue: Catalogue, records: Records, environment: EnvironmentApps
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._records = records
        self._environment = environment

    async def list(self, principal: Principal) -> Sequence[OAuthAppInfo]:
        """Those of the settings by type, and then those of the environment.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            AdminRequired: The caller is no administrator.
        """

        def work(connection: Connection) -> list[OAuthAppInfo]:
            names = users.names(connection, tenant=principal.tenant)
            found = oauth_apps.every(connection, tenant=principal.tenant)
            return [_info(row, names.get(row.author, "")) for row in found]

        async with self._recording(principal, "list", "all"):
            require_admin(principal, "manage", to="see OAuth apps")
            return [*await self._database.read(work), *await self._of_environment(principal)]

    async def put(
        self,
        principal: Principal,
        type: str,
        *,
        client_id: str,
        client_secret: Secret | str | None = None,
        redirect_uri: str | None = None,
        token_url: str | None = None,
    ) -> OAuthAppInfo:
        """Put the app for connectors of a type, in the place of one that is there.

        Args:
            type: Name of a connector type.
            client_secret: `None` keeps the one that is there, and an empty text removes it. Another client needs one of
                its own.
            redirect_uri: Where the service sends people back to; empty for this server's own address. `None` keeps it.
            token_url: To which alone its secret is sent: that of the type unless said.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            AdminRequired: The caller is no administrator.
            UnknownType: There is no such type.
            InvalidParams: Something of it cannot be.
            RevisionConflict: Another one was put meanwhile.
        """
        secret = Secret(client_secret) if isinstance(client_secret, str) else client_secret
        async with self._recording(principal, "put", type):
            require_admin(principal, "manage", to="put OAuth apps")
            name, usual = await self._type(principal, type)
            _check(client_id, secret, redirect_uri, token_url)

            def work(connection: Connection) -> OAuthAppInfo:
                row = oauth_apps.find(connection, tenant=principal.tenant, name=name)
                where = token_url or (row.token_url if row else usual)
                if not where:
                    fault = Fault(pointer="/tokenUrl", message="is required", missing="tokenUrl")
                    hint = "the type names no fixed token endpoint; say to which one the secret may be sent"
                    raise InvalidParams(faults=[fault], where=f"the app for `{name}`", hint=hint)
                if row is None:
                    made = AppRow(
                        tenant=principal.tenant, name=name, client_id=client_id, token_url=where, author=principal.id
                    )
                    row = self._sealed(replace(made, redirect_uri=redirect_uri or ""), secret, before=None)
                    oauth_apps.add(connection, row)
                else:
                    changed = replace(row, client_id=client_id, token_url=where, author=principal.id)
                    uri = row.redirect_uri if redirect_uri is None else redirect_uri
                    row = self._saved(connection, replace(changed, redirect_uri=uri), secret, before=row)
                _note(connection, principal, "put", row)
                return _info(row, principal.user)

            return await self._database.write(work)

    async def delete(self, principal: Principal, type: str) -> None:
        """Delete the app for a type. Accounts that were connected with it cannot be renewed any more.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            AdminRequired: The caller is no administrator.
            UnknownOAuthApp: There is none, but perhaps in the environment.
        """

        def work(connection: Connection) -> None:
            row = oauth_apps.find(connection, tenant=principal.tenant, name=type)
            if row is None:
                known = [each.name for each in oauth_apps.every(connection, tenant=principal.tenant)]
                raise UnknownOAuthApp(type=type, known=known)
            oauth_apps.remove(connection, row)
            _note(connection, principal, "delete", row)

        async with self._recording(principal, "delete", type):
            require_admin(principal, "manage", to="delete OAuth apps")
            await self._database.write(work)

    def _saved(self, connection: Connection, row: AppRow, secret: Secret | None, *, before: AppRow) -> AppRow:
        keeps = secret is None or secret.reveal() == MASK
        if keeps and before.client_id != row.client_id and before.sealed is not None:
            fault = Fault(pointer="/clientSecret", message="is required with another `clientId`")
            hint = "each client has a secret of its own; send an empty one where it has none"
            raise InvalidParams(faults=[fault], where=f"the app for `{row.name}`", hint=hint)
        return oauth_apps.save(connection, self._sealed(row, None if keeps else secret, before=before))

    def _sealed(self, row: AppRow, secret: Secret | None, *, before: AppRow | None) -> AppRow:
        """The row with its secret: the new one, or that which is there."""
        after = app_context(row if before is None else replace(row, revision=row.revision + 1))
        values = {SECRET: secret.reveal()} if secret and secret.reveal() else {}
        if secret is None and before is not None:
            opened = self._records.open(Record(shown=before.shown, sealed=before.sealed), app_context(before))
            values = {SECRET: found.reveal()} if isinstance(found := opened.get(SECRET), Secret) else {}
        record = self._records.seal(values, secret=list(values), context=after)
        return replace(row, shown=record.shown, sealed=record.sealed)

    async def _type(self, principal: Principal, wanted: str) -> tuple[str, str]:
        """The name of a type, and where the secret of its app goes; empty where a connection decides that."""
        await up_to_date(self._catalogue, principal.tenant)
        found = self._catalogue.find_type(wanted, tenant=principal.tenant)
        if found is None:
            known = [kind.definition.name for kind in self._catalogue.types(principal.tenant)]
            raise UnknownType(type=wanted[:200], known=known)
        auth = canonical(found.definition.auth)
        if auth.get("type") != "oauth2":
            fault = Fault(pointer="/type", message="signs nobody in by OAuth 2.0")
            raise InvalidParams(faults=[fault], where="the app", hint="`jackfield types show` tells how a type signs")
        usual = str(auth.get("tokenUrl") or auth.get("issuer") or "")
        return found.definition.name, "" if "{" in usual else usual

    async def _of_environment(self, principal: Principal) -> Sequence[OAuthAppInfo]:
        await up_to_date(self._catalogue, principal.tenant)
        found = []
        for kind in self._catalogue.types(principal.tenant):
            auth = canonical(kind.definition.auth)
            if auth.get("type") != "oauth2":
                continue
            name, where = kind.definition.name, str(auth.get("tokenUrl") or auth.get("issuer") or "")
            app = await self._environment.find(name, tenant=principal.tenant, token_url=where)
            if app is not None:
                found.append(
                    OAuthAppInfo(
                        type=name,
                        client_id=app.client_id,
                        client_secret=MASK if app.secret else None,
                        redirect_uri=app.redirect_uri,
                        token_url=where,
                        source="environment",
                    )
                )
        return found

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        what = {"resource": "oauth-app", "resource_id": name}
        return recording_denials(self._database, principal, action=f"oauth-app.{verb}", **what)


def _check(client_id: str, secret: Secret | None, redirect_uri: str | None, token_url: str | None) -> None:
    text = secret.reveal() if secret else ""
    problems = [
        ("clientId", "is empty" if not client_id.strip() else _line(client_id)),
        ("clientSecret", _line(text)),
        ("redirectUri", url_problem(redirect_uri) if redirect_uri else ""),
        ("tokenUrl", url_problem(token_url) if token_url else ""),
    ]
    if faults := [Fault(pointer=f"/{at}", message=problem) for at, problem in problems if problem]:
        raise InvalidParams(faults=faults, where="the app", hint="copy them from the service, without blanks around")


def _line(text: str) -> str:
    fits = len(text) <= MAX_TEXT and text.isprintable() and text == text.strip()
    return "" if fits else f"must be one line of at most {MAX_TEXT} characters, without blanks around it"


def _note(connection: Connection, principal: Principal, verb: str, row: AppRow) -> None:
    details = {"clientId": row.client_id, "tokenUrl": row.token_url}
    action = f"oauth-app.{verb}"
    append(connection, principal, action=action, resource="oauth-app", resource_id=row.name, details=details)


def _info(row: AppRow, author_name: str) -> OAuthAppInfo:
    return OAuthAppInfo(
        type=row.name,
        client_id=row.client_id,
        client_secret=MASK if row.sealed is not None else None,
        redirect_uri=row.redirect_uri,
        token_url=row.token_url,
        source="settings",
        author=row.author,
        author_name=author_name,
        created=row.created,
        updated=row.updated,
        revision=row.revision,
    )
