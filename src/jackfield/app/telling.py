"""What a process says of its settings and of itself."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from jackfield.app.sample import SAMPLE
from jackfield.manage.setting_views import About
from jackfield.manage.settings import SettingsShown
from jackfield.registry.catalogue import Catalogue, up_to_date
from jackfield.settings import Settings
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database
from jackfield.version import __version__

if TYPE_CHECKING:
    from jackfield.app.opening import Parts


def settings_shown(parts: Parts, catalogue: Catalogue, database: Database | None = None) -> SettingsShown:
    """What shows the settings of a process that has just started."""
    started = now_us()

    async def about(tenant: str) -> About:
        await up_to_date(catalogue, tenant)
        own = [each for each in catalogue.connectors(tenant) if each.id != SAMPLE]
        return About(
            version=__version__,
            python=platform.python_version(),
            database=_kind(parts.told),
            started=started,
            data=str(parts.told.data),
            sandbox=parts.sandbox.reported,
            types=len(catalogue.types(tenant)),
            connectors=len(own),
        )

    return SettingsShown(parts.told, about, database)


def _kind(settings: Settings) -> str:
    if settings.keeps_nothing:
        return "memory"
    return "sqlite" if settings.database.startswith("sqlite:") else "postgresql"
