"""The settings of a server."""

from __future__ import annotations

from jackfield.access.principal import Principal
from jackfield.manage.setting_views import SettingsOverview
from jackfield.surfaces.sdk.remote.asking import Asking


class RemoteSettings(Asking):
    """As `manage.settings.SettingsShown`."""

    async def show(self, principal: Principal) -> SettingsOverview:
        """See `manage.settings.SettingsShown.show`."""
        return await self.one(SettingsOverview, "/api/settings")
