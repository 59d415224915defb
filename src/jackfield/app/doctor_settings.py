"""What the doctor says of the settings: what they are, where each came from, what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from urllib.parse import urlsplit

from jackfield.app import doctor_files
from jackfield.app.issuer import issuer_faults
from jackfield.app.keys import default_key_file
from jackfield.egress.policy import DEFAULT_PORTS
from jackfield.errors import JackfieldError
from jackfield.settings import (
    MEMORY,
    PREFIX,
    SECRET,
    SECRET_PREFIX,
    InvalidSetting,
    Settings,
    from_environment,
    setting_of,
    variable,
)
from jackfield.surfaces.diagnosis import Check, CheckStatus

_LOOPBACK = re.compile(r"127(\.\d{1,3}){3}")

SPECIAL: dict[str, Callable[[Settings], str]] = {
    "database_url": lambda settings: settings.database_shown,
    "key_file": lambda settings: str(settings.key_file or default_key_file(settings) or "none"),
    "retention_days": lambda settings: f"{settings.retention_days} days" if settings.retention_days else "for ever",
    "egress_ports": lambda settings: ", ".join(map(str, settings.egress_ports or sorted(DEFAULT_PORTS))),
    "port": lambda settings: str(settings.port or "any free one"),
    "max_request_bytes": lambda settings: doctor_files.size(settings.max_request_bytes),
    "shutdown_s": lambda settings: f"{settings.shutdown_s} s",
    "script_memory_mb": lambda settings: f"{settings.script_memory_mb} MiB",
    "script_cpu_s": lambda settings: f"{settings.script_cpu_s} s",
}


def read(environ: Mapping[str, str]) -> tuple[Settings, list[JackfieldError]]:
    """The settings, with the default in place of each that cannot be read, and what is wrong with those."""
    wrong: list[JackfieldError] = []
    settings = from_environment(environ, problems=wrong)
    wrong += issuer_faults(settings)
    # Nothing is kept rather than looked at in a place that nobody meant.
    return (replace(settings, database_url=MEMORY) if is_database_unknown(wrong) else settings), wrong


def is_database_unknown(wrong: Sequence[JackfieldError]) -> bool:
    """Whether its setting cannot be read, or the file that may have it."""
    return bool({"database_url", "config"} & {_setting(error) for error in wrong})


def _setting(error: JackfieldError) -> str:
    """The setting that is wrong; `config` where it is the settings file."""
    return setting_of(str(error.details["name"])) if isinstance(error, InvalidSetting) else "config"


def checks(settings: Settings, environ: Mapping[str, str], wrong: Sequence[JackfieldError]) -> list[Check]:
    """One for each setting, and one for each variable that has no effect."""
    refused = {_setting(error): error for error in wrong}
    sources = settings.sources
    found = [
        doctor_files.failed(variable(name), refused[name]) if name in refused else _check(settings, name, environ)
        for name in sources
    ]
    return [*found, *_secrets(environ), *_strangers(environ, [variable(name) for name in sources])]


def _check(settings: Settings, name: str, environ: Mapping[str, str]) -> Check:
    shown, note = _shown(settings, name), settings.sources[name].partition(" ")[0]
    unused, hint = _unused(settings, name, environ)
    if not unused and name in {"url", "hashicorp_url"} and _is_in_the_clear(getattr(settings, name)):
        unused, hint = "the token travels in the clear", "use `https://`, or an SSH tunnel to the machine"
    status: CheckStatus = "warning" if unused else "ok"
    return Check(name=variable(name), value=shown, note=unused or note, status=status, hint=hint)


def _unused(settings: Settings, name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """What is set and has no effect, and what to do about it."""
    if name == "key_file" and settings.key and settings.key_file:
        hint = "take one of them away, so that nobody looks for a key in the wrong place"
        return "not used, because `JACKFIELD_KEY` is set", hint
    if name in {"oidc_audience", "caller_token_hosts"} and getattr(settings, name) and not settings.oidc_issuer:
        return "not used, because `JACKFIELD_OIDC_ISSUER` is not set", "name the issuer, or take this away"
    backend = "files" if name == "secrets_folder" else name.partition("_")[0]
    if backend in {"files", "hashicorp"} - set(settings.secrets_from) and settings.sources[name] != "default":
        return f"not used, because `JACKFIELD_SECRETS_FROM` does not name `{backend}`", "name it, or take this away"
    if settings.sources[name].startswith("file ") and environ.get(variable(name), "").strip():
        return "file; the variable has no effect", f"take `{variable(name)}` away, or the setting in the file"
    return "", ""


def _is_in_the_clear(url: str) -> bool:
    """Whether it leads to another machine without encryption."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "http" and not (host in {"localhost", "::1"} or _LOOPBACK.fullmatch(host))


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name in SECRET:
        return "set" if value else "not set"
    if name in SPECIAL:
        return SPECIAL[name](settings)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value or "none")


def _secrets(environ: Mapping[str, str]) -> list[Check]:
    names = sorted(name for name in environ if name.startswith(SECRET_PREFIX) and environ[name])
    return [Check(name=name, value="set", note="environment") for name in names]


def _strangers(environ: Mapping[str, str], known: Sequence[str]) -> list[Check]:
    """Variables that look like settings: whoever has written them believes that they do something."""
    strange = [
        name
        for name in sorted(environ)
        if name.startswith(PREFIX) and not name.startswith(SECRET_PREFIX) and name not in known
    ]
    checks = []
    for name in strange:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "take it away, or see the reference of settings"
        checks.append(Check(name=name, value="no such setting", note="environment", status="warning", hint=hint))
    return checks
