"""Connectors in JavaScript: their sandbox, made when the first script needs it."""

from __future__ import annotations

from collections.abc import Callable

from jackfield.execution.script.limits import Caps
from jackfield.execution.script.model import ScriptModel
from jackfield.execution.script.sandbox import Checked, Host, Job, Returned, Sandbox, Thrown
from jackfield.settings import Settings


def script_model(settings: Settings) -> ScriptModel:
    """The execution model of scripts. It costs nothing before the first one."""
    caps = Caps(memory_mb=settings.script_memory_mb, cpu_s=settings.script_cpu_s)
    return ScriptModel(LateSandbox(lambda: _pool(settings)), caps=caps)


class LateSandbox:
    """A sandbox that is made by its first use. Most processes never have a script.

    Args:
        make: Makes it.
    """

    def __init__(self, make: Callable[[], Sandbox]) -> None:
        self._make = make
        self._made: Sandbox | None = None

    async def check(self, source: str) -> Checked:
        """See `Sandbox.check`."""
        return await self._sandbox().check(source)

    async def run(self, job: Job, host: Host) -> Returned | Thrown:
        """See `Sandbox.run`."""
        return await self._sandbox().run(job, host)

    async def close(self) -> None:
        """End everything that runs."""
        made, self._made = self._made, None
        if made is not None:
            await made.close()

    def _sandbox(self) -> Sandbox:
        if self._made is None:
            self._made = self._make()
        return self._made


def _pool(settings: Settings) -> Sandbox:
    from jackfield.execution.script.pool import SandboxPool

    keeps = not settings.keeps_nothing and settings.data.is_dir()
    return SandboxPool(mode=settings.sandbox, kept=settings.data / "sandbox" if keeps else None)
