"""What can be set from outside, and where each setting came from."""

from jackfield.settings.errors import NOT_SHOWN, InvalidSetting
from jackfield.settings.loading import PREFIX, SECRET_PREFIX, from_environment, secrets_from_environment, variable
from jackfield.settings.model import MEMORY, Origin, Settings, user_data, without_password

__all__ = [
    "MEMORY",
    "NOT_SHOWN",
    "PREFIX",
    "SECRET_PREFIX",
    "InvalidSetting",
    "Origin",
    "Settings",
    "from_environment",
    "secrets_from_environment",
    "user_data",
    "variable",
    "without_password",
]
