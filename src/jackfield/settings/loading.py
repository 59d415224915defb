"""The settings of a process, gathered from where they can be given: a settings file before the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jackfield.errors import JackfieldError
from jackfield.settings.errors import InvalidSetting
from jackfield.settings.file import Found, entries, find, setting_of_key, text_of
from jackfield.settings.model import Origin, Settings
from jackfield.settings.values import READERS

PREFIX = "JACKFIELD_"
SECRET_PREFIX = "JACKFIELD_SECRET_"  # noqa: S105 - a variable's name, not a secret

VARIABLES = {"data": "JACKFIELD_DATA_DIR"}
"""Of settings whose variable has another name than they."""


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return VARIABLES.get(setting, PREFIX + setting.upper())


def setting_of(name: str) -> str:
    """The setting that a variable, or a key of a settings file, stands for."""
    return next((setting for setting in READERS if variable(setting) == name), setting_of_key(name))


def from_environment(
    environ: Mapping[str, str] | None = None, *, problems: list[JackfieldError] | None = None
) -> Settings:
    """The settings that the surroundings of this process give: its environment, and a settings file.

    Args:
        environ: Instead of the variables of this process.
        problems: Takes what is wrong, instead of raising it; a setting that cannot be read has its default then.

    Raises:
        InvalidSetting: A value cannot be used.
        UnknownSetting, SettingsFileUnusable: The settings file has something else, or cannot be read.
        SettingsFileExposed, SettingsFileNotChosen: It cannot be trusted.
    """
    environ = os.environ if environ is None else environ
    origins, wrong = dict[str, Origin](), list[JackfieldError]()
    found = find(environ)
    if found:
        origins["config"] = Origin("environment (JACKFIELD_CONFIG)" if found.is_chosen else "found", found.path)
        _take_file(found, origins, wrong)
    _take_variables(environ, origins, wrong)
    if problems is not None:
        problems.extend(wrong)
    elif wrong:
        raise wrong[0]
    folder = (Path("connectors"),) if Path("connectors").is_dir() else ()
    origins.setdefault("connectors", Origin("default", folder))
    return Settings(**{setting: origin.value for setting, origin in origins.items()}, origins=origins)


def secrets_from_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Secrets given as `JACKFIELD_SECRET_<NAME>`, by name."""
    environ = os.environ if environ is None else environ
    found = {name.removeprefix(SECRET_PREFIX): v for name, v in environ.items() if name.startswith(SECRET_PREFIX)}
    return {name: value for name, value in found.items() if name and value}


def _take_file(found: Found, origins: dict[str, Origin], wrong: list[JackfieldError]) -> None:
    try:
        read = entries(found, READERS)
    except JackfieldError as error:
        wrong.append(error)
        return
    for entry in read:
        try:
            if text := text_of(entry, file=found.path):
                origins[entry.setting] = Origin(f"file ({found.path})", READERS[entry.setting](entry.key, text))
        except InvalidSetting as error:
            wrong.append(_in_file(error, found.path))


def _in_file(error: InvalidSetting, file: Path) -> InvalidSetting:
    """The same error, with its place: a reader knows of no files."""
    wanted = error.hint.removeprefix("it must be ")
    return InvalidSetting(name=error.details["name"], value=error.details["value"], wanted=wanted, file=str(file))


def _take_variables(environ: Mapping[str, str], origins: dict[str, Origin], wrong: list[JackfieldError]) -> None:
    """What the file has not set. A variable that is not looked at may be wrong."""
    for setting, read in READERS.items():
        name = variable(setting)
        value: Any = environ.get(name, "").strip()
        if not value or setting in origins:
            continue
        try:
            origins[setting] = Origin(f"environment ({name})", read(name, value))
        except InvalidSetting as error:
            wrong.append(error)
