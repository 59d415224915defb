"""`jackfield` on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jackfield.surfaces.cli.main import run
from jackfield.surfaces.runtime import Runtime


def main() -> None:
    """Run the command line and exit."""
    run(_embedded)


def _embedded(paths: Sequence[Path]) -> Runtime:
    from dataclasses import replace

    from jackfield.app.embedded import Embedded
    from jackfield.settings import from_environment

    settings = from_environment()
    if paths:
        settings = replace(settings, connectors=tuple(paths))
    return Embedded(settings, types=())


if __name__ == "__main__":
    main()
