"""The settings file `jackfield.toml`: finding it, deciding whether it can be trusted, and reading it.

A file that only lies in the working directory may be a stranger's: a checkout, an archive, a shared folder. It can set
what does no harm, and all else takes a file that was named in `JACKFIELD_CONFIG`; see
`docs/decisions/0011-settings.md`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jackfield.settings.errors import (
    InvalidSetting,
    SettingsFileExposed,
    SettingsFileNotChosen,
    SettingsFileUnusable,
    UnknownSetting,
)
from jackfield.settings.model import without_password

NAME = "jackfield.toml"
CONFIG = "JACKFIELD_CONFIG"
MAX_BYTES = 1024 * 1024

SECRET = frozenset({"key", "token", "admin_token", "hashicorp_token", "hashicorp_secret_id", "model_key"})
"""Settings whose values are never shown."""
LISTS = {
    **{"connectors": os.pathsep, "egress_allow": ",", "egress_ports": ",", "key": ",", "secrets_from": ","},
    **{"mcp_commands": ";", "host_commands": ";", "caller_token_hosts": ",", "connect_return_origins": ","},
}
"""Settings that may be written as lists, and what stands between the parts of one in a variable."""

_PATHS = frozenset({"connectors", "data", "embedding", "hashicorp_token_file", "key_file", "secrets_folder"})
_POSIX = os.name == "posix"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A setting as a file has it.

    Attributes:
        setting: Its name.
        key: As it is written there.
        value: As TOML has it.
    """

    setting: str
    key: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Found:
    """A settings file.

    Attributes:
        is_chosen: Whether it was named, and does not just lie in the working directory.
    """

    path: Path
    is_chosen: bool


def find(environ: Mapping[str, str]) -> Found | None:
    """The settings file of this process, read or not; `None` where there is none."""
    if named := environ.get(CONFIG, "").strip():
        return Found(path=Path(named).expanduser().absolute(), is_chosen=True)
    here = Path(NAME)
    return Found(path=here.absolute(), is_chosen=False) if os.path.lexists(here) else None


def entries(found: Found, known: Mapping[str, Any]) -> list[Entry]:
    """What stands in a settings file.

    Args:
        known: By name, all settings there are.

    Raises:
        SettingsFileUnusable: It cannot be read.
        UnknownSetting: It has something else.
        SettingsFileExposed: Others can change it, or read a secret in it.
        SettingsFileNotChosen: It sets what takes a file that was named.
    """
    text, status = _read(found.path)
    _require_ours(found.path, status)
    read = list(_entries(found.path, _parsed(found.path, text), known))
    if not found.is_chosen:
        for entry in read:
            _require_harmless(found.path, entry)
    if any(_is_secret(entry) for entry in read):
        _require_private(found.path, status)
    return read


def setting_of_key(key: str) -> str:
    """The name of the setting that `key` stands for: `log_level`, `logLevel` and `log-level` are the same."""
    return _WORD_START.sub("_", key).replace("-", "_").lower()


def text_of(entry: Entry, *, file: Path) -> str:
    """The value of an entry as a variable would have it. Paths count from the file's folder.

    Raises:
        InvalidSetting: It has a type that no setting has.
    """
    value, joined = entry.value, LISTS.get(entry.setting)
    if isinstance(value, list) and joined and all(isinstance(part, str | int) for part in value):
        return joined.join(_resolved(entry.setting, _word(part), file.parent) for part in value)
    if not isinstance(value, str | int):
        wanted = "a text, a number, `true` or `false`" + (", or a list of texts" if joined else "")
        kind = {dict: "a table", list: "a list", float: "a fraction"}.get(type(value), "a time")
        raise InvalidSetting(name=entry.key, value=kind, wanted=wanted, file=str(file))
    if entry.setting == "connectors":
        parts = _word(value).split(os.pathsep)
        return os.pathsep.join(_resolved(entry.setting, part, file.parent) for part in parts if part)
    return _resolved(entry.setting, _word(value).strip(), file.parent)


def _word(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _resolved(setting: str, text: str, folder: Path) -> str:
    if text and setting in _PATHS:
        return str(folder / Path(text).expanduser())
    if setting == "database_url" and text.startswith("sqlite:///"):
        path = text.removeprefix("sqlite:///")
        return text if path.startswith("~") else f"sqlite:///{folder / path}"
    return text


def _read(path: Path) -> tuple[str, os.stat_result]:
    """Its text, and what the system says of the very file that was read, so that nobody can swap it in between."""
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SettingsFileUnusable(file=str(path), problem="is not a file")
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = f"correct `{CONFIG}`, or take it away"
        raise SettingsFileUnusable(file=str(path), problem="is not there", hint=hint) from None
    except OSError as error:
        said = (error.strerror or type(error).__name__).lower()
        raise SettingsFileUnusable(file=str(path), problem=f"cannot be read: {said}") from None
    if len(raw) > MAX_BYTES:
        raise SettingsFileUnusable(file=str(path), problem=f"has more than {MAX_BYTES} bytes")
    try:
        return raw.decode(), status
    except UnicodeDecodeError as error:
        raise SettingsFileUnusable(file=str(path), problem=f"is not UTF-8 at byte {error.start + 1}") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # most processes have no such file

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Only the place: the words of the parser may quote what stands there.
        at = _PLACE.search(str(error))
        problem = f"is no TOML{f' at {at[1]}' if at else ''}"
        raise SettingsFileUnusable(
            file=str(path), problem=problem, hint="write `name = value`, texts in quotes"
        ) from None


def _entries(path: Path, document: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Entry]:
    seen: dict[str, str] = {}
    for key, value in document.items():
        setting = setting_of_key(key)
        shown = "".join(letter if letter.isprintable() else "?" for letter in key[:60])
        if setting not in known:
            raise UnknownSetting(file=str(path), name=shown, known=list(known))
        if first := seen.get(setting):
            raise SettingsFileUnusable(file=str(path), problem=f"sets `{first}` and `{key}`, which are the same")
        seen[setting] = key
        yield Entry(setting=setting, key=shown, value=value)


def _is_secret(entry: Entry) -> bool:
    if entry.setting == "database_url":
        return isinstance(entry.value, str) and without_password(entry.value) != entry.value
    return entry.setting in SECRET


def _is_inside(entry: Entry, folder: Path) -> bool:
    """Whether connectors lie below the working directory, from where `./connectors` is taken anyway."""
    paths = text_of(entry, file=folder / NAME).split(os.pathsep)
    return all(Path(path).resolve().is_relative_to(folder.resolve()) for path in paths)


HARMLESS: Mapping[str, Callable[[Entry, Path], bool]] = {
    "connectors": _is_inside,
    "log_format": lambda entry, folder: True,
    "log_level": lambda entry, folder: True,
    "mock": lambda entry, folder: entry.value is True,
    "port": lambda entry, folder: True,
    "shutdown_s": lambda entry, folder: True,
}
"""What a file may set that was only found: nothing that opens, sends, keeps, deletes or lets in."""


def _require_harmless(path: Path, entry: Entry) -> None:
    judge = HARMLESS.get(entry.setting)
    if judge is None or not judge(entry, path.parent):
        raise SettingsFileNotChosen(file=str(path), name=entry.key)


def _require_ours(path: Path, status: os.stat_result) -> None:
    """Refuse a file that somebody else owns or can change: it decides what Python code is loaded, for example."""
    if not _POSIX:
        return
    if status.st_uid not in {0, os.geteuid()}:
        problem = f"belongs to another user (`{status.st_uid}`)"
        raise SettingsFileExposed(
            file=str(path), problem=problem, hint=f"`chown {os.geteuid()} {path}`, if you trust it"
        )
    if status.st_mode & stat.S_IWOTH:
        problem = f"can be changed by everybody (mode `{_mode(status)}`)"
        raise SettingsFileExposed(file=str(path), problem=problem, hint=f"read it, then `chmod go-w {path}`")


def _require_private(path: Path, status: os.stat_result) -> None:
    if _POSIX and status.st_mode & _OTHERS:
        problem = f"has a secret in it and is open to others (mode `{_mode(status)}`)"
        raise SettingsFileExposed(file=str(path), problem=problem, hint=f"`chmod 600 {path}`")


def _mode(status: os.stat_result) -> str:
    return f"{stat.S_IMODE(status.st_mode):04o}"
