"""The settings of the process, each with where it came from. They are changed where they were given, not here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.setting_views import About, SettingsOverview, SettingView
from jackfield.manage.setting_words import SettingWords, setting_words
from jackfield.settings import SECRET, Settings
from jackfield.settings.programs import Program
from jackfield.storage.database import Database


class SettingsShown:
    """Shows settings to administrators: they say where everything is kept, and what may be reached."""

    def __init__(
        self, settings: Settings, about: Callable[[str], Awaitable[About]], database: Database | None = None
    ) -> None:
        """Args:
        settings: Of the process.
        about: What there is to say of the process to somebody of a tenant.
        database: Has the audit log; without one, denied attempts are written nowhere.
        """
        self._settings = settings
        self._about = about
        self._database = database

    async def show(self, principal: Principal) -> SettingsOverview:
        """Every setting, and the process.

        Raises:
            ScopeMissing: The caller's token does not allow `manage`.
            AdminRequired: The caller is no administrator.
        """
        if self._database is None:
            _require(principal)
        else:
            what = {"action": "settings.show", "resource": "settings", "resource_id": "all"}
            async with recording_denials(self._database, principal, **what):
                _require(principal)
        shown = [_view(self._settings, words) for words in setting_words()]
        return SettingsOverview(settings=shown, about=await self._about(principal.tenant))


def _require(principal: Principal) -> None:
    require_admin(principal, "manage", to="see the settings")


def _view(settings: Settings, words: SettingWords) -> SettingView:
    value = getattr(settings, words.name)
    secret = words.name in SECRET
    source = settings.sources[words.name]
    shown = settings.database_shown if words.name == "database_url" else _json(value)
    described = f"{words.meaning} Default {words.default_words}." if words.default_words else words.meaning
    return SettingView(
        name=words.name,
        value=None if secret or shown in ("", []) else shown,
        is_set=value not in ("", (), None),
        default=_json(words.default),
        source=source,
        variable=words.variable,
        description=described,
        secret=secret,
    )


def _json(value: Any) -> Any:
    if isinstance(value, Path | Program):
        return str(value)
    return [_json(each) for each in value] if isinstance(value, tuple) else value
