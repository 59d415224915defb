"""What is shown of settings and of the process that has them. Clients of a server have it without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SettingView:
    """One setting of the process.

    Attributes:
        name: As in `jackfield.settings.Settings`, and in a settings file.
        value: In use. Null where there is none, and of a secret always; of a database without password and parameters.
        is_set: Whether it has a value.
        default: Used where nobody sets it; null where it has no value, or where the description says what is used.
        source: `argument`, `file (PATH)`, `environment (VARIABLE)` or `default`; of `config` also `found`.
        variable: The environment variable that sets it.
        description: What it does.
        secret: Its value is never shown.
        editable: Whether it can be changed while the process runs.
    """

    name: str
    value: Any
    is_set: bool
    default: Any
    source: str
    variable: str
    description: str
    secret: bool
    editable: bool = False


@dataclass(frozen=True, kw_only=True)
class About:
    """The process itself.

    Attributes:
        version: Of Jackfield.
        python: Version of Python.
        database: `sqlite`, `postgresql`, or `memory`, which keeps nothing.
        started: Microseconds since 1970.
        data: Folder where the installation keeps what is its own.
        sandbox: What stands between scripts and the machine, as the sandbox says of itself; null while no script has
            run.
        types: How many connector types can be called.
        connectors: How many connectors there are.
    """

    version: str
    python: str
    database: str
    started: int
    data: str
    sandbox: Mapping[str, Any] | None
    types: int
    connectors: int


@dataclass(frozen=True, kw_only=True)
class SettingsOverview:
    """Everything that is set, and the process that has it."""

    settings: Sequence[SettingView]
    about: About
