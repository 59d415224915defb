"""What the commands of the terminal work with; `__main__` makes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jackfield.surfaces.diagnosis import Report
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.serving import Serve, SpeakMcp

MakeRuntime: TypeAlias = Callable[[Sequence[Path]], Runtime]


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The builders. Called, it makes a runtime.

    Attributes:
        make_runtime: Of connectors in these files and folders, or else in those of the settings; or that of a server.
        make_local: One of this machine, whatever server is set; the same unless given.
        make_looking: One to see what there is, that makes nothing; as `make_runtime` unless given.
        speak_mcp: Answers a client of MCP.
        doctor: Looks at the installation. Never fails.
        serve: Runs a server.
    """

    make_runtime: MakeRuntime
    doctor: Callable[[], Awaitable[Report]]
    serve: Serve
    make_local: MakeRuntime | None = None
    make_looking: MakeRuntime | None = None
    speak_mcp: SpeakMcp | None = None

    def __call__(self, paths: Sequence[Path]) -> Runtime:
        """A runtime, as commands ask for one."""
        return self.make_runtime(paths)


def local(tools: Tools | MakeRuntime) -> MakeRuntime:
    """What makes a runtime of this machine, for commands that are about nothing else."""
    return (isinstance(tools, Tools) and tools.make_local) or tools


def looking(tools: Tools | MakeRuntime) -> MakeRuntime:
    """What makes a runtime to see what there is, where nobody has asked for anything to be done."""
    return (isinstance(tools, Tools) and tools.make_looking) or tools
