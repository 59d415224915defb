"""The settings of a process, gathered from where they can be given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from jackfield.settings.model import Origin, Settings
from jackfield.settings.values import READERS

PREFIX = "JACKFIELD_"
SECRET_PREFIX = "JACKFIELD_SECRET_"  # noqa: S105 - a variable's name, not a secret

VARIABLES = {"data": "JACKFIELD_DATA_DIR"}
"""Of settings whose variable has another name than they."""


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return VARIABLES.get(setting, PREFIX + setting.upper())


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises:
        InvalidSetting: A value cannot be read.
    """
    environ = os.environ if environ is None else environ
    origins: dict[str, Origin] = {}
    for setting, read in READERS.items():
        name = variable(setting)
        if value := environ.get(name, "").strip():
            origins[setting] = Origin(f"environment ({name})", read(name, value))
    found = (Path("connectors"),) if Path("connectors").is_dir() else ()
    origins.setdefault("connectors", Origin("default", found))
    return Settings(**{setting: origin.value for setting, origin in origins.items()}, origins=origins)


def secrets_from_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Secrets given as `JACKFIELD_SECRET_<NAME>`, by name."""
    environ = os.environ if environ is None else environ
    found = {name.removeprefix(SECRET_PREFIX): v for name, v in environ.items() if name.startswith(SECRET_PREFIX)}
    return {name: value for name, value in found.items() if name and value}
