"""What the doctor says of the Jackfield server that this process works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from jackfield.app.doctor_files import failed
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.surfaces.diagnosis import Check
from jackfield.surfaces.sdk.remote.runtime import Remote

PATIENCE_S = 10.0


async def checks(settings: Settings) -> list[Check]:
    """Whether the server of `settings.url` is there, accepts the token, and can answer calls.

    Each is looked at where the one before is as it should be.
    """
    remote = Remote(settings)

    async def address() -> Check:
        await remote.wire.ask("GET", "/api/health", timeout_s=PATIENCE_S)
        return Check(name="server", value=settings.url, note="it answers")

    async def token() -> Check:
        caller = await remote.principal()
        what = ", ".join(sorted(caller.scopes)) or "nothing"
        role = "administrator" if caller.admin else "user"
        return Check(name="server token", value=f"accepted: {role} `{caller.user}`", note=f"allows {what}")

    async def ready() -> Check:
        await remote.wire.ask("GET", "/api/ready", timeout_s=PATIENCE_S)
        return Check(name="server calls", value="can be answered")

    looks: dict[str, Callable[[], Awaitable[Check]]] = {"server": address, "server token": token, "server calls": ready}
    found: list[Check] = []
    try:
        for name, look in looks.items():
            try:
                found.append(await look())
            except JackfieldError as error:
                return [*found, failed(name, error)]
    finally:
        await remote.close()
    return found
