"""What is the matter with this installation: looked at without changing anything, and without failing."""

from __future__ import annotations

import os
import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.app import doctor_files, doctor_store
from jackfield.app.embedded import Embedded
from jackfield.app.keys import default_key_file
from jackfield.egress.policy import DEFAULT_PORTS, parse_allow
from jackfield.errors import JackfieldError
from jackfield.settings import (
    MEMORY,
    PREFIX,
    SECRET_PREFIX,
    InvalidSetting,
    Settings,
    from_environment,
    variable,
)
from jackfield.surfaces.diagnosis import Check, Report, Section
from jackfield.version import __version__

SECRET = {"key", "token", "admin_token"}

SPECIAL: dict[str, Callable[[Settings], str]] = {
    "database_url": lambda settings: settings.database_shown,
    "key_file": lambda settings: str(settings.key_file or default_key_file(settings) or "none"),
    "retention_days": lambda settings: f"{settings.retention_days} days" if settings.retention_days else "for ever",
    "egress_ports": lambda settings: ", ".join(map(str, settings.egress_ports or sorted(DEFAULT_PORTS))),
    "port": lambda settings: str(settings.port or "any free one"),
    "max_request_bytes": lambda settings: doctor_files.size(settings.max_request_bytes),
    "shutdown_s": lambda settings: f"{settings.shutdown_s} s",
}


async def diagnose(environ: Mapping[str, str] | None = None) -> Report:
    """Everything that can be said about the installation that `environ` describes."""
    environ = os.environ if environ is None else environ
    settings, wrong = read_settings(environ)
    is_database_wrong = any(error.details["name"] == "JACKFIELD_DATABASE_URL" for error in wrong)
    store = await doctor_store.look(settings)
    titles: dict[str, Callable[[], Awaitable[Sequence[Check]]]] = {
        "Settings": _later(partial(_settings, settings, environ, wrong)),
        "Files": _later(partial(doctor_files.checks, settings)),
        "Database": _later(partial(doctor_store.database, store)),
        "Keys": _later(partial(doctor_store.keys, store)),
        "Network": _later(partial(_network, settings)),
        "Protection": _later(partial(_protection, settings, store)),
        "Connectors": partial(_connectors, settings, store),
    }
    if is_database_wrong:
        for title in ("Files", "Database", "Keys"):
            titles.pop(title)
    return Report(
        version=__version__,
        platform=_platform(),
        sections=[await _section(title, work) for title, work in titles.items()],
    )


def read_settings(environ: Mapping[str, str]) -> tuple[Settings, list[InvalidSetting]]:
    """The settings, with the default in place of each that cannot be read, and what is wrong with those."""
    wrong: list[InvalidSetting] = []
    left = dict(environ)
    while True:
        try:
            return from_environment(left), wrong
        except InvalidSetting as error:
            wrong.append(error)
            name = error.details["name"]
            # Nothing is kept rather than looked at in a place that nobody meant.
            left[name] = MEMORY if name == "JACKFIELD_DATABASE_URL" else ""


def _later(work: Callable[[], Sequence[Check]]) -> Callable[[], Awaitable[Sequence[Check]]]:
    async def run() -> Sequence[Check]:
        return work()

    return run


async def _section(title: str, work: Callable[[], Awaitable[Sequence[Check]]]) -> Section:
    try:
        return Section(title=title, checks=await work())
    except JackfieldError as error:
        return Section(title=title, checks=[doctor_files.failed(title.lower(), error)])
    except Exception as error:
        # Its text is not shown: nobody knows what an unexpected one holds.
        what = f"could not be looked at ({type(error).__name__})"
        hint = "this is a fault of Jackfield: please report it with the steps that lead to it"
        return Section(title=title, checks=[Check(name=title.lower(), value=what, status="error", hint=hint)])


def _settings(settings: Settings, environ: Mapping[str, str], wrong: Sequence[InvalidSetting]) -> list[Check]:
    checks = [
        Check(name=variable(name), value=_shown(settings, name), note=source.partition(" ")[0])
        for name, source in settings.sources.items()
    ]
    refused = {error.details["name"]: error for error in wrong}
    checks = [
        doctor_files.failed(check.name, refused[check.name]) if check.name in refused else check for check in checks
    ]
    if settings.key and settings.key_file:
        hint = "take one of them away, so that nobody looks for a key in the wrong place"
        at = next(index for index, check in enumerate(checks) if check.name == "JACKFIELD_KEY_FILE")
        checks[at] = Check(
            name="JACKFIELD_KEY_FILE",
            value=str(settings.key_file),
            note="not used, because `JACKFIELD_KEY` is set",
            status="warning",
            hint=hint,
        )
    return [*checks, *_secrets(environ), *_strangers(environ, [check.name for check in checks])]


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


def _network(settings: Settings) -> list[Check]:
    ports = ", ".join(map(str, sorted(settings.egress_ports or DEFAULT_PORTS)))
    checks = [Check(name="public addresses", value=f"ports {ports}")]
    try:
        entries = parse_allow(settings.egress_allow)
    except JackfieldError as error:
        return [*checks, doctor_files.failed("private addresses", error)]
    allowed = ", ".join(map(str, entries))
    checks.append(Check(name="private addresses", value=f"denied except {allowed}" if entries else "denied"))
    return checks


def _protection(settings: Settings, store: doctor_store.Looked) -> list[Check]:
    encryption = "AES-256-GCM" if store.keeps else "nothing is kept"
    checks = [
        Check(name="encryption", value=encryption, note="params, outcomes, secrets" if store.keeps else ""),
        Check(
            name="log masking", value="on", note="all secrets that this process has decrypted" if store.keeps else ""
        ),
        Check(name="network policy", value="on", note="checked for each connection and redirect"),
        Check(name="TLS certificates", value="verified", note="there is no switch"),
    ]
    if not store.keeps:
        checks[1] = Check(
            name="log masking", value="off", note="nothing is decrypted; outcomes are masked all the same"
        )
    if settings.mock:
        hint = "take `JACKFIELD_MOCK` away for real calls"
        return [*checks, Check(name="mock", value="on", note="no call is sent", status="warning", hint=hint)]
    return [*checks, Check(name="mock", value="off")]


async def _connectors(settings: Settings, store: doctor_store.Looked) -> list[Check]:
    runtime = Embedded(settings, types=(), kind="cli")
    try:
        types = ", ".join(found.definition.name for found in runtime.base.types(DEFAULT_TENANT))
        connectors = ", ".join(found.full_name for found in runtime.base.connectors(DEFAULT_TENANT))
        checks = [
            Check(name="types", value=types or "none", note="installed and from files"),
            Check(name="connectors", value=connectors or "none", note="from files"),
        ]
        checks += [doctor_files.failed("cannot be loaded", error) for error in runtime.problems]
    finally:
        await runtime.close()
    if store.inspection and store.inspection.contents:
        kept = store.inspection.contents.rows
        counts = f"{kept['connectors']} connectors, {kept['connector types']} types"
        checks.append(Check(name="kept", value=counts, note="in the database, of all tenants"))
    return checks


def _platform() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
