"""Drafts at a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.draft_views import Draft, DraftInfo
from jackfield.manage.errors import UnknownDraft
from jackfield.surfaces.sdk.remote.asking import Asking, segment

PATH = "/api/drafts"


class RemoteDrafts(Asking):
    """As `manage.drafts.Drafts`."""

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> Draft:
        """See `manage.drafts.Drafts.create`."""
        return await self.changed(Draft, "POST", PATH, body)

    async def list(self, principal: Principal) -> Sequence[DraftInfo]:
        """See `manage.drafts.Drafts.list`."""
        return await self.every(DraftInfo, PATH)

    async def get(self, principal: Principal, id: str) -> Draft:
        """See `manage.drafts.Drafts.get`."""
        return await self.one(Draft, _path(id))

    async def update(
        self, principal: Principal, id: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> Draft:
        """See `manage.drafts.Drafts.update`."""
        return await self.changed(Draft, "PUT", _path(id), body, revision=revision)

    async def delete(self, principal: Principal, id: str) -> None:
        """See `manage.drafts.Drafts.delete`."""
        await self.wire.ask("DELETE", _path(id))


def _path(id: str) -> str:
    return f"{PATH}/{segment(id, missing=UnknownDraft(draft=id))}"
