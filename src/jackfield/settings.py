"""What can be set from outside, and where each setting came from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from jackfield.errors import JackfieldError, Retry

PREFIX = "JACKFIELD_"
SECRET_PREFIX = "JACKFIELD_SECRET_"  # noqa: S105 - a variable's name, not a secret

MEMORY = "memory"
"""In place of a database's URL: nothing is kept."""

NOT_SHOWN = "(not shown)"

_SERVER = re.compile(r"(\[[0-9a-fA-F:.]*\]|[^:/\[\]]*)(:\d+)?(/.*)?")


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


class Origin(NamedTuple):
    """Where the value of a setting came from, and which value that was."""

    source: str
    value: Any


def user_data() -> Path:
    """Where this system keeps the data of a user."""
    from platformdirs import user_data_path  # here, because not everybody keeps anything

    return user_data_path("jackfield", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process.

    Attributes:
        data: `JACKFIELD_DATA`: the folder where this installation keeps what is its own. Default the data folder of
            the user, such as `~/.local/share/jackfield` on Linux.
        database_url: `JACKFIELD_DATABASE_URL`: `sqlite:///path/to/file.db` (four slashes for an absolute path),
            `postgresql://user:password@host/name`, or `memory`, which keeps nothing. Default `jackfield.db` in the
            data folder.
        key: `JACKFIELD_KEY`: the keys that encrypt what is kept, as `name:<base64 of 32 bytes>`, separated by commas;
            the first encrypts, the others decrypt. Never shown.
        key_file: `JACKFIELD_KEY_FILE`: a file with such keys, one a line, that only its owner can read; not looked at
            if there is a `JACKFIELD_KEY`. Default `key` in the data folder, for a database in that folder only.
        token: `JACKFIELD_TOKEN`: the API token that this process acts with. Without it, it acts as the user `local`.
            Never shown.
        retention_days: `JACKFIELD_RETENTION_DAYS`: days for which closed runs and executions are kept; `0` keeps
            them for ever. Default 90.
        connectors: `JACKFIELD_CONNECTORS`: files and folders with connectors, separated as in `PATH`.
            Without it, the folder `connectors` in the working directory if there is one.
        egress_allow: `JACKFIELD_EGRESS_ALLOW`: comma-separated CIDRs, hosts and `host:port` that may be
            reached although they are private.
        egress_ports: `JACKFIELD_EGRESS_PORTS`: comma-separated ports that may be reached on public
            addresses, instead of 80, 443, 8080 and 8443.
        mock: `JACKFIELD_MOCK`: `1` answers every call from mocks. Default `0`.
        log_level: `JACKFIELD_LOG_LEVEL`: debug, info, warning or error. Default warning.
    """

    data: Path = field(default_factory=user_data)
    database_url: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    key_file: Path | None = None
    token: str = field(default="", repr=False)
    retention_days: int = 90
    connectors: tuple[Path, ...] = ()
    egress_allow: str = ""
    egress_ports: tuple[int, ...] = ()
    mock: bool = False
    log_level: str = "warning"
    origins: Mapping[str, Origin] = field(default_factory=dict, repr=False, compare=False)

    @property
    def database(self) -> str:
        """The URL of the database, or `memory`. It may hold a password: to show it, use `database_shown`."""
        return self.database_url or f"sqlite:///{self.data / 'jackfield.db'}"

    @property
    def database_shown(self) -> str:
        """The URL of the database without password and parameters."""
        return without_password(self.database)

    @property
    def keeps_nothing(self) -> bool:
        """Whether all is gone when the process ends."""
        return self.database_url == MEMORY

    @property
    def sources(self) -> Mapping[str, str]:
        """Where each setting came from, by its name: `environment (JACKFIELD_...)`, `default` or `argument`."""
        return {each.name: self._source(each.name) for each in fields(self) if each.compare}

    def _source(self, name: str) -> str:
        value = getattr(self, name)
        origin = self.origins.get(name)
        if origin and origin.value == value:  # else somebody has replaced it since
            return origin.source
        default = user_data() if name == "data" else getattr(Settings, name)
        return "default" if value == default else "argument"


def without_password(url: str) -> str:
    """A database's URL as it can be shown. Where it is in doubt what belongs to a password, nothing is."""
    scheme, found, rest = url.partition("://")
    if url == MEMORY or scheme == "sqlite":
        return url
    place, _, parameters = rest.partition("?")
    login, at, server = place.rpartition("@")
    if not found or not scheme or "@" in login + parameters or not _SERVER.fullmatch(server):
        return NOT_SHOWN
    return f"{scheme}://{login.partition(':')[0]}{at}{server}"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises:
        InvalidSetting: A value cannot be read.
    """
    environ = os.environ if environ is None else environ
    readers: dict[str, Callable[[str, str], Any]] = {
        "data": _folder,
        "database_url": _database,
        "key": lambda _, value: value,
        "key_file": lambda _, value: Path(value).expanduser().absolute(),
        "token": lambda _, value: value,
        "retention_days": _days,
        "connectors": _paths,
        "egress_allow": lambda _, value: value,
        "egress_ports": _ports,
        "mock": _switch,
        "log_level": _level,
    }
    origins: dict[str, Origin] = {}
    for setting, read in readers.items():
        name = PREFIX + setting.upper()
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


def _paths(name: str, value: str) -> tuple[Path, ...]:
    paths = tuple(Path(part) for part in value.split(os.pathsep) if part)
    if absent := next((path for path in paths if not path.exists()), None):
        raise InvalidSetting(name=name, value=str(absent), wanted="a file or folder that exists")
    return paths


def _folder(name: str, value: str) -> Path:
    if "?" in value:
        raise InvalidSetting(
            name=name, value=value, wanted="a path without `?`, which would end it in a database's URL"
        )
    return Path(value).expanduser().absolute()


def _database(name: str, value: str) -> str:
    scheme, found, _ = value.partition("://")
    if value == MEMORY or (found and scheme in {"sqlite", "postgresql", "postgres", "postgresql+asyncpg"}):
        return value
    wanted = f"`sqlite:///path/to/file.db`, `postgresql://user:password@host/name` or `{MEMORY}`"
    raise InvalidSetting(name=name, value=NOT_SHOWN, wanted=wanted)  # it may hold a password


def _days(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= 36_500):
        raise InvalidSetting(name=name, value=value, wanted="days from 1 to 36500, or `0` for ever")
    return int(value)


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
