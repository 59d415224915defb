"""From text to the value of a setting: one reader for each.

A reader takes the setting's name as the user wrote it, and the text without blanks around it; it never gets an empty
one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from jackfield.settings.addresses import is_confidential
from jackfield.settings.errors import NOT_SHOWN, InvalidSetting
from jackfield.settings.model import MEMORY, SecretBackend
from jackfield.settings.programs import read_programs

Reader = Callable[[str, str], Any]

LEAST_TOKEN, MOST_TOKEN = 24, 200
"""Characters of an administrator's token: what cannot be guessed, and what a request may send."""

_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_KV_PART = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_KV_PATH = re.compile(rf"{_KV_PART}(/{_KV_PART})*/data(/({_KV_PART}|\{{tenant\}}))*")
_PORT = r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_PLACE = re.compile(rf"(\[[0-9a-f:.]+\]|(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?){_PORT}")
_BELOW = re.compile(rf"\*(\.[a-z0-9-]+)*\.[a-z0-9-]+\.[a-z0-9-]*[a-z][a-z0-9-]*{_PORT}")
_NEVER_IN_URL = re.compile(r"[@?#\\]")


def _text(name: str, value: str) -> str:
    return value


def _file(name: str, value: str) -> Path:
    return Path(value).expanduser().absolute()


def _folder(name: str, value: str) -> Path:
    if "?" in value:
        raise InvalidSetting(
            name=name, value=value, wanted="a path without `?`, which would end it in a database's URL"
        )
    return _file(name, value)


def _paths(name: str, value: str) -> tuple[Path, ...]:
    paths = tuple(Path(part) for part in value.split(os.pathsep) if part)
    if absent := next((path for path in paths if not path.exists()), None):
        raise InvalidSetting(name=name, value=str(absent), wanted="a file or folder that exists")
    return paths


def _existing(name: str, value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_dir():
        raise InvalidSetting(name=name, value=value, wanted="a folder that exists")
    return path


def _database(name: str, value: str) -> str:
    scheme, found, _ = value.partition("://")
    if value == MEMORY or (found and scheme in {"sqlite", "postgresql", "postgres", "postgresql+asyncpg"}):
        return value
    wanted = f"`sqlite:///path/to/file.db`, `postgresql://user:password@host/name` or `{MEMORY}`"
    raise InvalidSetting(name=name, value=NOT_SHOWN, wanted=wanted)  # it may hold a password


def _url(name: str, value: str) -> str:
    """The address of a server, with its scheme in lower case and without a slash at the end."""
    wanted = "`http://` or `https://`, a host and perhaps a port and a path; no user, password, `?` or `#`"
    scheme, _, rest = value.partition("://")
    if _URL.fullmatch(value) and not _NEVER_IN_URL.search(value) and _has_host(value):
        return f"{scheme.lower()}://{rest.rstrip('/')}"
    # It may hold a password, or be a token that went to the wrong variable.
    shown = value if "://" in value and not _NEVER_IN_URL.search(value) else NOT_SHOWN
    raise InvalidSetting(name=name, value=shown, wanted=wanted)


def _origins(name: str, value: str) -> tuple[str, ...]:
    """Origins of pages, in lower case."""
    found = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for origin in found:
        scheme, _, host = origin.partition("://")
        loopback = re.fullmatch(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", host)
        if "/" in host or not _has_host(_url(name, origin)) or (scheme != "https" and not loopback):
            wanted = "origins such as `https://app.example.com`, without a path and separated by commas"
            raise InvalidSetting(name=name, value=origin, wanted=wanted)
    return found


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, or a port that is no number
        return False


def _host(name: str, value: str) -> str:
    """A name, or an address; one of IPv6 with or without its brackets."""
    from ipaddress import IPv6Address  # not everybody listens

    if _HOST_NAME.fullmatch(value):
        return value
    try:
        return str(IPv6Address(value.removeprefix("[").removesuffix("]")))
    except ValueError:
        wanted = "an address or a name of this machine, without a port, such as `127.0.0.1`, `0.0.0.0` or `::1`"
        raise InvalidSetting(name=name, value=value, wanted=wanted) from None


def _issuer(name: str, value: str) -> str:
    """An issuer's identifier as it is: tokens have to have the very same, with its slash at the end or without."""
    _url(name, value)
    if is_confidential(value):
        return value
    raise InvalidSetting(name=name, value=value, wanted="an https address, as its tokens have it in `iss`")


def _audience(name: str, value: str) -> str:
    if len(value) <= 300 and value.isprintable():
        return value
    raise InvalidSetting(name=name, value=value[:300], wanted="what tokens have in `aud`, up to 300 characters")


def _hosts(name: str, value: str) -> tuple[str, ...]:
    """Names and addresses in lower case, each perhaps with a port. What a name may be, egress judges again."""
    found = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for each in found:
        if not _PLACE.fullmatch(each) or (each.startswith("*.") and not _BELOW.fullmatch(each)):
            wanted = "`host`, `host:port`, or `*.` before a name of two parts or more, separated by commas"
            raise InvalidSetting(name=name, value=each, wanted=wanted)
    return found


def _admin_token(name: str, value: str) -> str:
    if LEAST_TOKEN <= len(value) <= MOST_TOKEN and all("!" <= character <= "~" for character in value):
        return value
    wanted = (
        f"{LEAST_TOKEN} to {MOST_TOKEN} printable ASCII characters without spaces; `openssl rand -hex 24` makes one"
    )
    raise InvalidSetting(name=name, value=NOT_SHOWN, wanted=wanted)


def _key_of_service(name: str, value: str) -> str:
    if all("!" <= character <= "~" for character in value):
        return value
    raise InvalidSetting(name=name, value=NOT_SHOWN, wanted="printable ASCII characters without spaces")


def _backends(name: str, value: str) -> tuple[str, ...]:
    parts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    known = get_args(SecretBackend)
    if not parts or not set(parts) <= set(known) or len(set(parts)) < len(parts):
        wanted = f"some of {', '.join(f'`{each}`' for each in known)}, each once, separated by commas"
        raise InvalidSetting(name=name, value=value, wanted=wanted)
    return parts


def _kv_path(name: str, value: str) -> str:
    """The path of a folder in a KV engine of version 2, as the API has it."""
    path = value.strip("/")
    if _KV_PATH.fullmatch(path):
        return path
    wanted = "the engine, `/data` and a folder, such as `secret/data/jackfield`, of letters, digits, `_`, `-` and `.`"
    raise InvalidSetting(name=name, value=value, wanted=wanted)


def _whole(least: int, most: int, wanted: str) -> Reader:
    """A reader of a whole number from `least` to `most`."""

    def read(name: str, value: str) -> int:
        # A text of many digits takes long to become a number.
        if value.isascii() and value.isdigit() and len(value) <= 12 and least <= int(value) <= most:
            return int(value)
        raise InvalidSetting(name=name, value=value, wanted=wanted)

    return read


def _ports(name: str, value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 65_536 for part in parts):
        raise InvalidSetting(name=name, value=value, wanted="ports from 1 to 65535, separated by commas")
    return tuple(int(part) for part in parts)


def _switch(name: str, value: str) -> bool:
    if value.lower() not in {"0", "1", "true", "false", "on", "off", "yes", "no"}:
        raise InvalidSetting(name=name, value=value, wanted="`1` or `0`")
    return value.lower() in {"1", "true", "on", "yes"}


def _one_of(*known: str) -> Reader:
    """A reader of one of these words, in any case."""

    def read(name: str, value: str) -> str:
        if value.lower() not in known:
            raise InvalidSetting(name=name, value=value, wanted=f"{', '.join(known[:-1])} or {known[-1]}")
        return value.lower()

    return read


READERS: Mapping[str, Reader] = {
    "data": _folder,
    "database_url": _database,
    "key": _text,
    "key_file": _file,
    "token": _text,
    "url": _url,
    "retention_days": _whole(0, 36_500, "days from 1 to 36500, or `0` for ever"),
    "secrets_from": _backends,
    "secrets_folder": _existing,
    "hashicorp_url": _url,
    "hashicorp_path": _kv_path,
    "hashicorp_namespace": _text,
    "hashicorp_token": _key_of_service,
    "hashicorp_token_file": _file,
    "hashicorp_role_id": _text,
    "hashicorp_secret_id": _key_of_service,
    "connectors": _paths,
    "egress_allow": _text,
    "egress_ports": _ports,
    "mock": _switch,
    "log_level": _one_of("debug", "info", "warning", "error"),
    "log_format": _one_of("text", "json"),
    "host": _host,
    "port": _whole(0, 65_535, "a port from 1 to 65535, or `0` for any free one"),
    "admin_token": _admin_token,
    "max_request_bytes": _whole(1024, 2**30, "bytes from 1024 to 1073741824"),
    "shutdown_s": _whole(0, 3600, "seconds from 0 to 3600"),
    "sandbox": _one_of("auto", "locked", "process", "thread"),
    "script_memory_mb": _whole(8, 4096, "MiB from 8 to 4096"),
    "script_cpu_s": _whole(1, 300, "seconds from 1 to 300"),
    "model_url": _url,
    "model_key": _key_of_service,
    "model": _text,
    "mcp_commands": read_programs,
    "host_commands": read_programs,
    "host_commands_as_tools": _switch,
    "embedding": _existing,
    "public_url": _url,
    "connect_return_origins": _origins,
    "mcp_mode": _one_of("auto", "tools", "search"),
    "mcp_authoring": _switch,
    "mcp_stateless": _switch,
    "oidc_issuer": _issuer,
    "oidc_audience": _audience,
    "caller_token_hosts": _hosts,
}
"""By the name of the setting."""
