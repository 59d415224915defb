"""What stands between scripts and this machine: a sandbox is started, tries itself, and says what holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.surfaces.diagnosis import Check

_WAYS = {
    "fibers": ("QuickJS in WebAssembly", "a script that waits holds no thread"),
    "threads": ("QuickJS in WebAssembly, a thread for each script", "the faster way does not work here"),
}


async def checks(settings: Settings) -> Sequence[Check]:
    """How connectors in JavaScript run here."""
    from jackfield.execution.script.pool import SandboxPool  # most of what looks at doctors has no script

    pool = SandboxPool(mode=settings.sandbox, processes=1)
    try:
        report = await pool.report()
    except JackfieldError as error:
        hint = error.hint if "doctor" not in error.hint else "connectors in JavaScript cannot be called here"
        return [Check(name="sandbox", value=error.message, status="warning", hint=hint, code=error.code)]
    finally:
        await pool.close()
    return [_engine(report), _process(report), _lock(report, settings)]


def _engine(report: Mapping[str, Any]) -> Check:
    value, note = _WAYS.get(str(report.get("engine")), (str(report.get("engine")), ""))
    return Check(name="isolates", value=value, note=f"fresh for each call; {note}" if note else "fresh for each call")


def _process(report: Mapping[str, Any]) -> Check:
    if report.get("process"):
        note = "without this one's environment, files and memory"
        ends = "; ended first where the machine's memory ends" if report.get("expendable") else ""
        return Check(name="own process", value="yes", note=note + ends)
    hint = "take `JACKFIELD_SANDBOX=thread` away for a process of their own"
    return Check(name="own process", value="no", note="scripts run in the server's own", status="warning", hint=hint)


def _lock(report: Mapping[str, Any], settings: Settings) -> Check:
    if report.get("locked"):
        return Check(name="system calls", value="filtered", note="no socket, no file, no other process")
    chosen = settings.sandbox in {"process", "thread"}
    hint = "`JACKFIELD_SANDBOX=auto` filters them where the system can" if chosen else ""
    return Check(
        name="system calls",
        value="not filtered",
        note=str(report.get("unlocked", "")),
        status="warning" if chosen else "ok",
        hint=hint,
    )
