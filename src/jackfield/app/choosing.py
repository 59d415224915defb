"""Which runtime a process works with: its own, or that of a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jackfield.errors import WrongUse
from jackfield.settings import MEMORY, Settings, from_environment
from jackfield.surfaces.runtime import Runtime


def cli_runtime(paths: Sequence[Path]) -> Runtime:
    """What the command line works with: the server of `JACKFIELD_URL` if there is one.

    Args:
        paths: Files and folders with connectors, instead of those that are set.

    Raises:
        WrongUse: There are some, and a server, which would not see them.
    """
    settings = from_environment()
    if not settings.url:
        return _local(settings, paths)
    if paths:
        raise WrongUse(
            f"`--connectors` names files of this machine, and the server `{settings.url}` does not see them",
            hint="leave it out; or take `JACKFIELD_URL` away, to call them in this process",
        )
    from jackfield.surfaces.sdk.remote.runtime import Remote

    return Remote(settings)


def local_runtime(paths: Sequence[Path]) -> Runtime:
    """What commands work with that are about this machine, whatever `JACKFIELD_URL` says."""
    settings = from_environment()
    # With a server, the token is one of the server's.
    return _local(replace(settings, token="") if settings.url else settings, paths)


def looking_runtime(paths: Sequence[Path]) -> Runtime:
    """As `cli_runtime`, for a look at what there is: no database is made where there is none yet."""
    from jackfield.app.keys import database_file

    settings = from_environment()
    file = None if settings.url else database_file(settings)
    if file is None or file.exists():
        return cli_runtime(paths)
    return _local(replace(settings, database_url=MEMORY), paths, told=settings)


def _local(settings: Settings, paths: Sequence[Path], *, told: Settings | None = None) -> Runtime:
    from jackfield.app.embedded import Embedded

    if paths:
        settings = replace(settings, connectors=tuple(paths))
    return Embedded(settings, types=(), kind="cli", told=told)
