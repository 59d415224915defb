"""What is the matter with this installation: looked at without changing anything, and without failing."""

from __future__ import annotations

import os
import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from jackfield.access.principal import DEFAULT_TENANT
from jackfield.app import doctor_files, doctor_scripts, doctor_settings, doctor_store
from jackfield.app.embedded import Embedded
from jackfield.egress.policy import DEFAULT_PORTS, parse_allow
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.settings.addresses import is_loopback
from jackfield.surfaces.diagnosis import Check, Report, Section
from jackfield.version import __version__


async def diagnose(environ: Mapping[str, str] | None = None) -> Report:
    """Everything that can be said about the installation that `environ` describes."""
    environ = os.environ if environ is None else environ
    settings, wrong = doctor_settings.read(environ)
    store = await doctor_store.look(settings)
    titles: dict[str, Callable[[], Awaitable[Sequence[Check]]]] = {
        "Settings": _later(partial(doctor_settings.checks, settings, environ, wrong)),
        "Files": _later(partial(doctor_files.checks, settings)),
        "Database": _later(partial(doctor_store.database, store)),
        "Keys": _later(partial(doctor_store.keys, store)),
        "Secrets": partial(_secrets, settings, store, environ),
        "Network": _later(partial(_network, settings)),
        "Protection": _later(partial(_protection, settings, store)),
        "Scripts": partial(doctor_scripts.checks, settings),
        "Connectors": partial(_connectors, settings, store),
    }
    if settings.url:
        titles["Server"] = partial(_server, settings)
    if doctor_settings.is_database_unknown(wrong):
        for title in ("Files", "Database", "Keys"):
            titles.pop(title)
    return Report(
        version=__version__,
        platform=_platform(),
        sections=[await _section(title, work) for title, work in titles.items()],
    )


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


async def _secrets(settings: Settings, store: doctor_store.Looked, environ: Mapping[str, str]) -> Sequence[Check]:
    from jackfield.app.doctor_secrets import checks

    return await checks(settings, environ, kept=store.contents.rows["secrets"] if store.contents else 0)


def _network(settings: Settings) -> list[Check]:
    ports = ", ".join(map(str, sorted(settings.egress_ports or DEFAULT_PORTS)))
    checks = [Check(name="public addresses", value=f"ports {ports}"), _own_address(settings)]
    try:
        entries = parse_allow(settings.egress_allow)
    except JackfieldError as error:
        return [*checks, doctor_files.failed("private addresses", error)]
    allowed = ", ".join(map(str, entries))
    checks.append(Check(name="private addresses", value=f"denied except {allowed}" if entries else "denied"))
    return checks


def _own_address(settings: Settings) -> Check:
    """By what address others know the server: services send people back to it who sign in."""
    if settings.public_url or is_loopback(settings.host):
        return Check(name="own address", value=settings.public_url or "that of each request", note="for signing in")
    hint = "set `JACKFIELD_PUBLIC_URL`, so that it is always the one that apps are registered with"
    return Check(name="own address", value="that of each request", status="warning", hint=hint)


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
        await runtime.load(check_scripts=True)
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


async def _server(settings: Settings) -> Sequence[Check]:
    from jackfield.app.doctor_server import checks  # most have none

    return await checks(settings)


def _platform() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
