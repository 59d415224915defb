"""Settings that somebody gives on the command line, which win over all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.settings.model import Origin, Settings
from jackfield.settings.values import READERS


def with_arguments(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """`settings` with what the command line says instead.

    Args:
        settings: Of the environment and of the file.
        texts: By the name of a setting, as they were written.

    Raises:
        InvalidSetting: A value cannot be read. It is named by its option.
    """
    read: dict[str, Any] = {name: READERS[name](option(name), text) for name, text in texts.items()}
    origins = {name: Origin(f"argument ({option(name)})", value) for name, value in read.items()}
    return replace(settings, **read, origins={**settings.origins, **origins})


def option(setting: str) -> str:
    """The option of the command line that gives a setting."""
    return "--data-dir" if setting == "data" else f"--{setting.replace('_', '-')}"
