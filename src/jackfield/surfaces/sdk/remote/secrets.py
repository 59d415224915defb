"""Named secrets of a server."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.principal import Principal
from jackfield.definition.secret import Secret
from jackfield.manage.errors import UnknownSecret
from jackfield.manage.secret_views import Put, SecretInfo, Visibility
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment
from jackfield.surfaces.sdk.remote.wire import to_body


class RemoteSecrets(Asking):
    """As `manage.secrets.Secrets`."""

    async def put(
        self,
        principal: Principal,
        name: str,
        value: Secret | str | None = None,
        *,
        visibility: Visibility = "shared",
        description: str | None = None,
        new: bool = False,
    ) -> Put:
        """See `manage.secrets.Secrets.put`."""
        text = value.reveal() if isinstance(value, Secret) else value
        body = {"name": name, "value": text, "visibility": visibility, "description": description}
        content = to_body({key: said for key, said in body.items() if said is not None})
        method, path = ("POST", "/api/secrets") if new else ("PUT", f"/api/secrets/{_path(name)}")
        reply = await self.wire.reply(method, path, body=content)
        return Put(secret=self.read(SecretInfo, reply.document), created=reply.status == 201)

    async def list(self, principal: Principal) -> Sequence[SecretInfo]:
        """See `manage.secrets.Secrets.list`."""
        return await self.every(SecretInfo, "/api/secrets")

    async def get(self, principal: Principal, name: str, *, visibility: Visibility | None = None) -> SecretInfo:
        """See `manage.secrets.Secrets.get`."""
        return await self.one(SecretInfo, f"/api/secrets/{_path(name)}", query=given(visibility=visibility))

    async def delete(self, principal: Principal, name: str, *, visibility: Visibility | None = None) -> None:
        """See `manage.secrets.Secrets.delete`."""
        await self.wire.ask("DELETE", f"/api/secrets/{_path(name)}", query=given(visibility=visibility))


def _path(name: str) -> str:
    return segment(name, missing=UnknownSecret(secret=name[:128]))
