"""What can be set from outside, and where each setting came from."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from jackfield.errors import JackfieldError, Retry

PREFIX = "JACKFIELD_"
SECRET_PREFIX = "JACKFIELD_SECRET_"  # noqa: S105 - a variable's name, not a secret


class InvalidSetting(JackfieldError):
    """A setting has a value that cannot be used."""

    code: ClassVar[str] = "invalid-setting"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "after_fix"

    def __init__(self, *, name: str, value: str, wanted: str) -> None:
        super().__init__(
            f"setting `{name}` is `{value}`",
            hint=f"it must be {wanted}",
            name=name,
            value=value,
        )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process.

    Attributes:
        connectors: `JACKFIELD_CONNECTORS`: files and folders with connectors, separated as in `PATH`.
            Without it, the folder `connectors` in the working directory if there is one.
        egress_allow: `JACKFIELD_EGRESS_ALLOW`: comma-separated CIDRs, hosts and `host:port` that may be
            reached although they are private.
        egress_ports: `JACKFIELD_EGRESS_PORTS`: comma-separated ports that may be reached on public
            addresses, instead of 80, 443, 8080 and 8443.
        mock: `JACKFIELD_MOCK`: `1` answers every call from mocks. Default `0`.
        log_level: `JACKFIELD_LOG_LEVEL`: debug, info, warning or error. Default warning.
    """

    connectors: tuple[Path, ...] = ()
    egress_allow: str = ""
    egress_ports: tuple[int, ...] = ()
    mock: bool = False
    log_level: str = "warning"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises:
        InvalidSetting: A value cannot be read.
    """
    environ = os.environ if environ is None else environ
    readers: dict[str, Callable[[str, str], Any]] = {
        "connectors": _paths,
        "egress_allow": lambda _, value: value,
        "egress_ports": _ports,
        "mock": _switch,
        "log_level": _level,
    }
    given: dict[str, Any] = {}
    for field, read in readers.items():
        name = PREFIX + field.upper()
        if value := environ.get(name, "").strip():
            given[field] = read(name, value)
    given.setdefault("connectors", (Path("connectors"),) if Path("connectors").is_dir() else ())
    return Settings(**given)


def secrets_from_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Secrets given as `JACKFIELD_SECRET_<NAME>`, by name."""
    environ = os.environ if environ is None else environ
    found = {name.removeprefix(SECRET_PREFIX): v for name, v in environ.items() if name.startswith(SECRET_PREFIX)}
    return {name: value for name, value in found.items() if name and value}


def _paths(name: str, value: str) -> tuple[Path, ...]:
    paths = tuple(Path(part) for part in value.split(os.pathsep) if part)
    if absent := next((path for path in paths if not path.exists()), None):
        raise InvalidSetting(name=name, value=str(absent), wanted="a file or folder that exists")
    return paths


def _ports(name: str, value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 65_536 for part in parts):
        raise InvalidSetting(name=name, value=value, wanted="ports from 1 to 65535, separated by commas")
    return tuple(int(part) for part in parts)


def _switch(name: str, value: str) -> bool:
    if value.lower() not in {"0", "1", "true", "false", "on", "off", "yes", "no"}:
        raise InvalidSetting(name=name, value=value, wanted="`1` or `0`")
    return value.lower() in {"1", "true", "on", "yes"}


def _level(name: str, value: str) -> str:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise InvalidSetting(name=name, value=value, wanted="debug, info, warning or error")
    return value.lower()
