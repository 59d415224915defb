"""Connectors in JavaScript: their sandbox, made when the first script needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jackfield.execution.script.limits import Caps
from jackfield.execution.script.model import ScriptModel
from jackfield.execution.script.sandbox import Checked, Host, Job, Returned, Sandbox, Thrown
from jackfield.settings import Settings

if TYPE_CHECKING:
    from jackfield.execution.script.pool import SandboxPool


def script_model(settings: Settings, sandbox: LateSandbox) -> ScriptModel:
    """The execution model of scripts. It costs nothing before the first one."""
    caps = Caps(memory_mb=settings.script_memory_mb, cpu_s=settings.script_cpu_s)
    return ScriptModel(sandbox, caps=caps)


class LateSandbox:
    """A sandbox that is made by its first use. Most processes never have a script.

    Args:
        settings: Say what it is like.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: SandboxPool | None = None

    @property
    def reported(self) -> Mapping[str, Any] | None:
        """What the sandbox says of itself, once it has been started."""
        return self._made.reported if self._made else None

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
            self._made = _pool(self._settings)
        return self._made


def _pool(settings: Settings) -> SandboxPool:
    from jackfield.execution.script.pool import SandboxPool

    keeps = not settings.keeps_nothing and settings.data.is_dir()
    return SandboxPool(mode=settings.sandbox, kept=settings.data / "sandbox" if keeps else None)
