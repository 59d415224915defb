"""What can be set from outside, and where each setting came from."""

from jackfield.settings.errors import (
    NOT_SHOWN,
    InvalidSetting,
    SettingsFileExposed,
    SettingsFileNotChosen,
    SettingsFileUnusable,
    UnknownSetting,
)
from jackfield.settings.file import SECRET
from jackfield.settings.loading import (
    PREFIX,
    SECRET_PREFIX,
    from_environment,
    secrets_from_environment,
    setting_of,
    variable,
)
from jackfield.settings.model import MEMORY, Origin, Settings, user_data, without_password

__all__ = [
    "MEMORY",
    "NOT_SHOWN",
    "PREFIX",
    "SECRET",
    "SECRET_PREFIX",
    "InvalidSetting",
    "Origin",
    "Settings",
    "SettingsFileExposed",
    "SettingsFileNotChosen",
    "SettingsFileUnusable",
    "UnknownSetting",
    "from_environment",
    "secrets_from_environment",
    "setting_of",
    "user_data",
    "variable",
    "without_password",
]
