"""`jackfield` on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jackfield.surfaces.cli.main import run
from jackfield.surfaces.cli.tools import Tools
from jackfield.surfaces.diagnosis import Report
from jackfield.surfaces.runtime import Runtime
from jackfield.surfaces.serving import Started, Wanted, WantedMcp


def main() -> None:
    """Run the command line and exit."""
    _set_up_logs()
    run(
        Tools(
            make_runtime=_runtime,
            make_local=_local,
            make_looking=_looking,
            doctor=_diagnose,
            serve=_serve,
            speak_mcp=_speak_mcp,
        )
    )


def _set_up_logs() -> None:
    from jackfield.app.logs import set_up_logs
    from jackfield.settings import from_environment

    # A setting that cannot be read is said by the command that needs it, in its own form.
    set_up_logs(from_environment(problems=[]))


def _runtime(paths: Sequence[Path]) -> Runtime:
    from jackfield.app.choosing import cli_runtime

    return cli_runtime(paths)


def _local(paths: Sequence[Path]) -> Runtime:
    from jackfield.app.choosing import local_runtime

    return local_runtime(paths)


def _looking(paths: Sequence[Path]) -> Runtime:
    from jackfield.app.choosing import looking_runtime

    return looking_runtime(paths)


def _serve(wanted: Wanted, *, started: Callable[[Started], None]) -> None:
    from jackfield.app.server import serve

    serve(wanted, started=started)


def _speak_mcp(wanted: WantedMcp) -> None:
    from jackfield.app.mcp_stdio import speak_mcp

    speak_mcp(wanted)


async def _diagnose() -> Report:
    from jackfield.app.doctor import diagnose

    return await diagnose()


if __name__ == "__main__":
    main()
